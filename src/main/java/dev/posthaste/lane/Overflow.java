package dev.posthaste.lane;

/**
 * How many deliveries of a lane that has overflowed may wait in memory at a time, replays aside, so
 * that none of them waits longer than one may: about as many as leave within half of that time.
 */
final class Overflow {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  /** The window while nothing is known: after a break, or when the first has waited too long. */
  private static final int AFRESH = 8;

  /** Nothing has been measured yet. */
  private static final long UNMEASURED = -1;

  private final int most;
  private final long halfMillis;
  private int window;

  /** What has left within half of the time that one may wait, when it was last measured. */
  private long leaving = UNMEASURED;

  private int started;
  private long sinceNanos;
  private long closedUntilNanos;

  /**
   * @param most the window while nothing is known of the pace of the lane
   * @param holdNanos the longest that a delivery may wait
   */
  Overflow(int most, long holdNanos, long nowNanos) {
    this.most = Math.max(1, most);
    this.halfMillis = holdNanos / 2 / NANOS_PER_MILLI;
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

  /**
   * A delivery has left the lane. The window grows when that was the last one, and to what leaves:
   * a lane to which something new always comes never runs empty.
   */
  void started(boolean wasLast, long nowNanos) {
    started++;
    measure(nowNanos);
    long grown = wasLast ? 2L * window : (long) window;
    window = Math.clamp(Math.max(grown, leaving), 1, most);
  }

  /**
   * Some have waited too long: the window becomes what really left, once that was measured, and no
   * less, since those that came before that wait too long for a while yet.
   */
  void expired(long nowNanos) {
    measure(nowNanos);
    window = leaving == UNMEASURED ? Math.min(AFRESH, window) : Math.clamp(leaving, 1, window);
  }

  private void measure(long nowNanos) {
    long millis = (nowNanos - sinceNanos) / NANOS_PER_MILLI;
    if (millis >= halfMillis) {
      leaving = started * halfMillis / Math.max(1, millis);
      started = 0;
      sinceNanos = nowNanos;
    }
  }

  /** What was learnt no longer holds. */
  void restart(long nowNanos) {
    window = Math.min(AFRESH, most);
    leaving = UNMEASURED;
    started = 0;
    sinceNanos = nowNanos;
  }
}
