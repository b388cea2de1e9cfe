package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final Instant NOW = Instant.parse("1994-11-06T08:48:37Z");

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "120, PT2M",
    "' 120 ', PT2M",
    "+7, PT7S",
    "1.2, PT2S",
    "86400, PT24H",
    "86401, PT24H",
    "99999999999999999999999, PT24H",
    "00000000000000, PT0S"
  })
  void reads_seconds_up_to_a_day(String text, Duration wait) {
    assertThat(RetryAfter.parse(text, NOW)).contains(wait);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Sun, 06 Nov 1994 08:49:37 GMT|PT1M",
        "Mon, 06 Nov 1994 08:49:37 GMT|PT1M",
        "sun, 6 nov 1994 08:49:37 gmt|PT1M",
        "Sunday, 06-Nov-94 08:49:37 GMT|PT1M",
        "Sun Nov  6 08:49:37 1994|PT1M",
        "Sun, 06 Nov 1994 08:00:00 GMT|PT0S",
        "Tue, 06 Dec 1994 08:49:37 GMT|PT24H",
        "Sunday, 06-Nov-44 08:49:37 GMT|PT24H",
        "Sunday, 06-Nov-45 08:49:37 GMT|PT0S"
      })
  void reads_dates_of_all_three_forms(String text, Duration wait) {
    assertThat(RetryAfter.parse(text, NOW)).contains(wait);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-5",
        "soon",
        "1h",
        "0x10",
        "120, 60",
        "12:00",
        "Sun, 32 Nov 1994 08:49:37 GMT",
        "2026-01-01T00:00:00Z",
        "١٢",
        "NaN",
        "Sun, 06 Nov 1994 08:49:37 GMT and then some more words that make it long"
      })
  void ignores_what_it_cannot_read(String text) {
    assertThat(RetryAfter.parse(text, NOW)).isEmpty();
  }
}
