package dev.posthaste.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimestampsTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1970-01-01T00:00:00.000Z",
    "-1, 1969-12-31T23:59:59.999Z",
    "1709210096050, 2024-02-29T12:34:56.050Z",
    "1709210096999, 2024-02-29T12:34:56.999Z",
    "253402300800000, +10000-01-01T00:00:00.000Z",
    "-62198755200001, -0002-12-31T23:59:59.999Z"
  })
  void times_have_three_digits_of_milliseconds(long millis, String text) {
    assertThat(Timestamps.iso(millis)).isEqualTo(text);
    assertThat(Timestamps.iso(millis)).as("from the cache").isEqualTo(text);
  }
}
