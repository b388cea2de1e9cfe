package dev.posthaste.lane;

/**
 * How many deliveries of a lane that has overflowed may wait in memory at a time, so that none of
 * them waits longer than one may: as many as leave within half of that time.
 */
final class Overflow {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final int most;
  private final long holdNanos;
  private int window;
  private int started;
  private long sinceNanos;
  private long closedUntilNanos;

  /**
   * @param most the window while nothing is known of the pace of the lane
   * @param holdNanos the longest that a delivery may wait
   */
  Overflow(int most, long holdNanos, long nowNanos) {
    this.most = Math.max(1, most);
    this.holdNanos = holdNanos;
    this.window = this.most;
    this.sinceNanos = nowNanos;
    this.closedUntilNanos = nowNanos;
  }

  int window() {
    return window;
  }

  /** The lane takes nothing back before this time. */
  long closedUntilNanos() {
    return closedUntilNanos;
  }

  void closeUntil(long nanos) {
    closedUntilNanos = nanos;
  }

  /** A delivery has left the lane; the window grows when that was the last one. */
  void started(boolean wasLast) {
    started++;
    if (wasLast) {
      window = Math.min(most, window * 2);
    }
  }

  /** Some have waited too long: the window becomes what really left. */
  void expired(long nowNanos) {
    long millis = Math.max(1, (nowNanos - sinceNanos) / NANOS_PER_MILLI);
    long fits = started * (holdNanos / 2 / NANOS_PER_MILLI) / millis;
    window = Math.clamp(fits, 1, Math.max(1, window / 2));
    started = 0;
    sinceNanos = nowNanos;
  }

  /** What was learnt no longer holds. */
  void restart(long nowNanos) {
    window = most;
    started = 0;
    sinceNanos = nowNanos;
  }
}
