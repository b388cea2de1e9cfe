package dev.posthaste.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SetbackTest {
  private final Setback setback = new Setback();

  @Test
  void eachFailureWaitsTwiceAsLongUpToHalfAMinute() {
    List<Long> millis = Stream.generate(setback::next).limit(9).map(Duration::toMillis).toList();
    assertThat(millis)
        .containsExactly(500L, 1_000L, 2_000L, 4_000L, 8_000L, 16_000L, 30_000L, 30_000L, 30_000L);
  }

  @Test
  void theFirstFailureIsToldAndThenOneInAMinute() {
    long start = Long.MAX_VALUE - Duration.ofSeconds(70).toNanos();
    List<Integer> told =
        Stream.iterate(0, second -> second + 10)
            .limit(14)
            .filter(second -> setback.tells(start + Duration.ofSeconds(second).toNanos()))
            .toList();
    assertThat(told).containsExactly(0, 60, 120);
  }
}
