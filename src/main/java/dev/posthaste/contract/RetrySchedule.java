package dev.posthaste.contract;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * When a failed delivery is tried again.
 *
 * @param inline waits after the first failures, spent in memory
 * @param background waits after the failures that follow, spent in the table of deferred deliveries
 * @param jitterPercent each wait is up to this much shorter or longer, so that deliveries which
 *     failed together do not come back together
 */
public record RetrySchedule(List<Duration> inline, List<Duration> background, int jitterPercent) {
  /** The longest wait in memory: a lane must be able to forget a delivery without losing it. */
  static final Duration INLINE_LIMIT = Duration.ofSeconds(8);

  public RetrySchedule {
    inline = List.copyOf(inline);
    background = List.copyOf(background);
  }

  /** Attempts in all, the first included. */
  public int maxAttempts() {
    return 1 + inline.size() + background.size();
  }

  /**
   * What follows a failed attempt. A wait that the receiver asks for is never spent in memory: a
   * crash would cut it short.
   *
   * @param attemptNumber the one that failed; 1 for the first
   * @param retryAfter the header of the answer: no retry comes before the time it asks for
   * @param now when the answer came
   * @return empty if that was the last attempt
   */
  public Optional<Retry> after(
      int attemptNumber, Optional<String> retryAfter, Instant now, RandomGenerator random) {
    if (attemptNumber >= maxAttempts()) {
      return Optional.empty();
    }
    boolean early = attemptNumber <= inline.size();
    Duration planned =
        early ? inline.get(attemptNumber - 1) : background.get(attemptNumber - 1 - inline.size());
    Duration jittered = jittered(planned, random);
    boolean inMemory = early && jittered.compareTo(INLINE_LIMIT) <= 0;
    return retryAfter
        .flatMap(text -> RetryAfter.parse(text, now))
        .filter(Duration::isPositive)
        .map(floor -> new Retry(floor.compareTo(jittered) > 0 ? floor : jittered, false))
        .or(() -> Optional.of(new Retry(jittered, inMemory)));
  }

  /** The longest that a delivery can take from first attempt to last, Retry-After left aside. */
  public Duration span() {
    Duration sum =
        Stream.concat(inline.stream(), background.stream()).reduce(Duration.ZERO, Duration::plus);
    return sum.plus(sum.multipliedBy(jitterPercent).dividedBy(100));
  }

  private Duration jittered(Duration delay, RandomGenerator random) {
    if (jitterPercent == 0) {
      return delay;
    }
    double share = jitterPercent / 100.0;
    return Duration.ofNanos((long) (delay.toNanos() * (1 + random.nextDouble(-share, share))));
  }

  /**
   * Another attempt.
   *
   * @param delay from the answer to the next attempt
   * @param inline whether it waits in memory; otherwise it becomes a deferred row
   */
  public record Retry(Duration delay, boolean inline) {}
}
