package dev.posthaste.lane;

/**
 * How many deliveries of a lane that has overflowed may wait in memory at a time, replays aside, so
 * that none of them waits longer than one may: about as many as leave within half of that time. And
 * how many of them come directly, and how many back from the table.
 */
final class Overflow {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  /** One part in so many of what fits is kept for what comes from the table. */
  private static final int TABLE_SHARE = 4;

  /** The window after a break, or when one has waited too long before anything was measured. */
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
   * @param most the largest window; it begins with that
   * @param holdNanos the longest that a delivery may wait
   */
  Overflow(int most, long holdNanos, long nowNanos) {
    this.most = Math.max(1, most);
    this.halfMillis = holdNanos / 2 / NANOS_PER_MILLI;
    this.window = this.most;
    this.sinceNanos = nowNanos;
    this.closedUntilNanos = nowNanos;
  }

  /**
   * How many may wait of what comes directly and goes no later. A part stays open to that: what
   * leaves faster than claims can bring anything would otherwise all go through the table, which
   * costs so much more that a busy node never caught up. The rest is kept for the table, so that
   * what waits there is not overtaken for ever; all of it if a single one fits.
   *
   * @param paced how many the pace of the lane lets go in time
   */
  int roomForNew(int paced) {
    int fits = Math.min(window, paced);
    return fits - tablePart(fits);
  }

  /**
   * How many come back from the table: none until a part of what fits has left, so that they come
   * in batches. Replays that wait do not keep out what goes before them, up to half as much again
   * as fits: more would only wait too long. Where one fits, that is one replay and one other.
   *
   * @param paced how many the pace of the lane lets go in time
   * @param before how many wait, replays aside
   * @param all how many wait
   */
  int room(int paced, int before, int all) {
    int fits = Math.min(window, paced);
    int room = Math.min(fits - before, Math.max(2, fits + fits / 2) - all);
    return room < tablePart(fits) ? 0 : room;
  }

  private static int tablePart(int fits) {
    return Math.max(1, fits / TABLE_SHARE);
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
