package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.contract.RetrySchedule.Retry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RetryScheduleTest {
  private static final Instant NOW = Instant.parse("2026-03-21T22:25:00Z");
  private static final Optional<String> NOTHING = Optional.empty();

  private final RandomGenerator random = new SplittableRandom(4);

  @Test
  void each_contract_waits_as_its_table_says() {
    assertThat(planned("standard"))
        .containsExactly("5S", "5M", "30M", "2H", "5H", "10H", "14H", "20H", "24H");
    assertThat(planned("casedev"))
        .containsExactly("0.2S inline", "1S inline", "30S", "5M", "30M", "2H", "8H");
    assertThat(planned("agentpost")).containsExactly("30S", "2M", "10M", "1H", "4H");
    assertThat(planned("offload")).isEmpty();
  }

  @Test
  void waits_differ_by_up_to_a_fifth_both_ways() {
    RetrySchedule schedule = Samples.contract("standard").retry();
    List<Long> millis =
        IntStream.range(0, 2_000)
            .mapToObj(i -> schedule.after(2, NOTHING, NOW, random).orElseThrow())
            .map(retry -> retry.delay().toMillis())
            .toList();

    assertThat(millis).allSatisfy(wait -> assertThat(wait).isBetween(240_000L, 360_000L));
    assertThat(millis).anyMatch(wait -> wait < 245_000).anyMatch(wait -> wait > 355_000);
  }

  @Test
  void a_retry_never_comes_before_the_time_asked_for() {
    RetrySchedule schedule = Samples.contract("standard").retry();

    assertThat(schedule.after(1, Optional.of("90"), NOW, random))
        .contains(new Retry(Duration.ofSeconds(90), false));
    assertThat(schedule.after(2, Optional.of("1"), NOW, random).orElseThrow().delay())
        .isGreaterThanOrEqualTo(Duration.ofMinutes(4));
  }

  @Test
  void what_the_receiver_asks_for_and_what_is_long_does_not_wait_in_memory() {
    RetrySchedule schedule = Samples.contract("casedev").retry();

    assertThat(schedule.after(2, Optional.of("0"), NOW, random).orElseThrow().inline()).isTrue();
    assertThat(schedule.after(1, Optional.of("2"), NOW, random))
        .contains(new Retry(Duration.ofSeconds(2), false));
    assertThat(
            new RetrySchedule(List.of(Duration.ofSeconds(3)), List.of(), 0)
                .after(1, Optional.of("1"), NOW, random))
        .contains(new Retry(Duration.ofSeconds(3), false));
    assertThat(
            new RetrySchedule(List.of(Duration.ofSeconds(9)), List.of(), 0)
                .after(1, NOTHING, NOW, random))
        .contains(new Retry(Duration.ofSeconds(9), false));
  }

  @Test
  void after_the_last_attempt_there_is_none_whatever_the_receiver_says() {
    RetrySchedule schedule = Samples.contract("agentpost").retry();

    assertThat(schedule.maxAttempts()).isEqualTo(6);
    assertThat(schedule.after(6, Optional.of("1"), NOW, random)).isEmpty();
    assertThat(schedule.after(1_000, NOTHING, NOW, random)).isEmpty();
  }

  @Test
  void the_span_covers_the_longest_jitter() {
    assertThat(new RetrySchedule(List.of(), List.of(Duration.ofHours(10)), 20).span())
        .isEqualTo(Duration.ofHours(12));
  }

  private static List<String> planned(String contract) {
    RetrySchedule shipped = Samples.contract(contract).retry();
    RetrySchedule exact = new RetrySchedule(shipped.inline(), shipped.background(), 0);
    return IntStream.range(1, exact.maxAttempts())
        .mapToObj(n -> exact.after(n, NOTHING, NOW, new SplittableRandom()).orElseThrow())
        .map(retry -> retry.delay().toString().substring(2) + (retry.inline() ? " inline" : ""))
        .toList();
  }
}
