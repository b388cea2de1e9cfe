package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/** Any schedule with any answer: waits stay within their bounds, and end. */
class RetrySchedulePropertyTest {
  private static final Instant NOW = Instant.parse("2026-03-21T22:25:00Z");
  private static final Duration ROUNDING = Duration.ofNanos(1_000);

  @Provide
  Arbitrary<RetrySchedule> schedules() {
    Arbitrary<List<Duration>> inline = waits(5_000).ofMaxSize(4);
    Arbitrary<List<Duration>> background = waits(7L * 24 * 3_600_000).ofMaxSize(10);
    return Combinators.combine(inline, background, Arbitraries.integers().between(0, 90))
        .as(RetrySchedule::new);
  }

  private static net.jqwik.api.arbitraries.ListArbitrary<Duration> waits(long mostMillis) {
    return Arbitraries.longs().between(1, mostMillis).map(Duration::ofMillis).list();
  }

  @Provide
  Arbitrary<Optional<Long>> askedSeconds() {
    return Arbitraries.longs().between(0, 1_000_000_000L).optional();
  }

  @Property
  void aWaitIsThePlannedOneWithinItsJitterOrWhatWasAskedForUpToADay(
      @ForAll("schedules") RetrySchedule schedule,
      @ForAll @IntRange(min = 1, max = 20) int attempt,
      @ForAll("askedSeconds") Optional<Long> asked,
      @ForAll long seed) {
    Optional<RetrySchedule.Retry> retry = after(schedule, attempt, asked, seed);
    assertThat(retry.isPresent()).isEqualTo(attempt < schedule.maxAttempts());
    retry.ifPresent(
        next -> {
          Duration planned = planned(schedule, attempt);
          Duration floor = asked.map(RetrySchedulePropertyTest::capped).orElse(Duration.ZERO);
          assertThat(next.delay())
              .isGreaterThanOrEqualTo(longer(floor, share(planned, 100 - schedule.jitterPercent())))
              .isLessThanOrEqualTo(
                  longer(floor, share(planned, 100 + schedule.jitterPercent()).plus(ROUNDING)));
          if (next.inline()) {
            assertThat(attempt).isLessThanOrEqualTo(schedule.inline().size());
            assertThat(next.delay()).isLessThanOrEqualTo(RetrySchedule.INLINE_LIMIT);
          }
        });
  }

  @Property
  void whoAsksForLongerNeverWaitsForLess(
      @ForAll("schedules") RetrySchedule schedule,
      @ForAll @IntRange(min = 1, max = 14) int attempt,
      @ForAll @LongRange(min = 0, max = 200_000) long less,
      @ForAll @LongRange(min = 0, max = 200_000) long more,
      @ForAll long seed) {
    Optional<RetrySchedule.Retry> one = after(schedule, attempt, Optional.of(less), seed);
    Optional<RetrySchedule.Retry> other = after(schedule, attempt, Optional.of(less + more), seed);
    assertThat(other.isPresent()).isEqualTo(one.isPresent());
    one.ifPresent(
        wait -> assertThat(other.orElseThrow().delay()).isGreaterThanOrEqualTo(wait.delay()));
  }

  @Property
  void allWaitsTogetherAreWithinTheSpan(
      @ForAll("schedules") RetrySchedule schedule, @ForAll long seed) {
    Random random = new Random(seed);
    Duration sum =
        IntStream.range(1, schedule.maxAttempts())
            .mapToObj(n -> schedule.after(n, Optional.empty(), NOW, random).orElseThrow().delay())
            .reduce(Duration.ZERO, Duration::plus);
    assertThat(sum).isLessThanOrEqualTo(schedule.span().plus(ROUNDING));
    assertThat(schedule.after(schedule.maxAttempts(), Optional.empty(), NOW, random)).isEmpty();
  }

  @Property
  void aDateInAnyFormMeansTheTimeUntilThen(
      @ForAll @LongRange(min = -100_000, max = 1_000_000) long seconds, @ForAll Form form) {
    String text = form.of(NOW.plusSeconds(seconds));
    assertThat(RetryAfter.parse(text, NOW))
        .as(text)
        .contains(seconds < 0 ? Duration.ZERO : capped(seconds));
  }

  @Property
  void whateverStandsThereIsReadWithinBoundsOrIgnored(@ForAll String text) {
    RetryAfter.parse(text, NOW)
        .ifPresent(wait -> assertThat(wait).isBetween(Duration.ZERO, RetryAfter.CAP));
  }

  /** The three forms of RFC 9110. */
  enum Form {
    IMF_FIXDATE("EEE, dd MMM uuuu HH:mm:ss 'GMT'"),
    RFC_850("EEEE, dd-MMM-uu HH:mm:ss 'GMT'"),
    ASCTIME("EEE MMM ppd HH:mm:ss uuuu");

    private final DateTimeFormatter formatter;

    Form(String pattern) {
      formatter = DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH).withZone(ZoneOffset.UTC);
    }

    String of(Instant time) {
      return formatter.format(time);
    }
  }

  private static Optional<RetrySchedule.Retry> after(
      RetrySchedule schedule, int attempt, Optional<Long> asked, long seed) {
    return schedule.after(attempt, asked.map(String::valueOf), NOW, new Random(seed));
  }

  private static Duration planned(RetrySchedule schedule, int attempt) {
    int inline = schedule.inline().size();
    return attempt <= inline
        ? schedule.inline().get(attempt - 1)
        : schedule.background().get(attempt - 1 - inline);
  }

  private static Duration share(Duration wait, int percent) {
    return wait.multipliedBy(percent).dividedBy(100);
  }

  private static Duration capped(long seconds) {
    return Duration.ofSeconds(Math.min(seconds, 24 * 3_600));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }
}
