package dev.posthaste.jobs;

import java.time.Duration;

/**
 * Failures of one thing in a row: each makes the wait for the next try longer, and few of them are
 * told. Belongs to one event loop.
 */
final class Setback {
  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);
  private static final Duration SILENCE = Duration.ofMinutes(1);

  private Duration pause = Duration.ZERO;
  private boolean told;
  private long toldAtNanos;

  /** Takes down one more failure; says how long to wait now. */
  Duration next() {
    Duration doubled = pause.multipliedBy(2);
    pause = pause.isZero() ? FIRST : doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
    return pause;
  }

  /**
   * Whether this failure is to be told: the first one, and then one in a minute.
   *
   * @param nanos now, as {@link System#nanoTime} counts
   */
  boolean tells(long nanos) {
    if (told && nanos - toldAtNanos < SILENCE.toNanos()) {
      return false;
    }
    told = true;
    toldAtNanos = nanos;
    return true;
  }
}
