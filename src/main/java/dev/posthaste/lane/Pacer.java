package dev.posthaste.lane;

/**
 * A clock that says when the next send may go: sends are spread evenly, so a limit of 60 in a
 * minute lets one go each second. Time that was not used is not saved up. The pace may change while
 * the clock goes on.
 */
public final class Pacer {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private long intervalNanos;
  private long lastNanos;
  private boolean used;

  /** The time between two sends when at most {@code count} go in any {@code perSeconds}. */
  public static long interval(int count, int perSeconds) {
    return Math.ceilDiv(perSeconds * NANOS_PER_SECOND, count);
  }

  /**
   * Sets the pace from now on, also for the next send.
   *
   * @param nanos between two sends; 0 never makes anything wait
   */
  public void interval(long nanos) {
    intervalNanos = nanos;
  }

  /** How long the next send has to wait; 0 if it may go. In nanoseconds of the same clock. */
  public long waitNanos(long nowNanos) {
    return used ? Math.max(0, lastNanos + intervalNanos - nowNanos) : 0;
  }

  /** How many sends fit into a time that begins when the next one may go. */
  public int sendsWithin(long nanos) {
    return intervalNanos == 0
        ? Integer.MAX_VALUE
        : (int) Math.min(Integer.MAX_VALUE, 1 + nanos / intervalNanos);
  }

  /** Whether a send might have gone for so long, and none did. */
  public boolean isUnusedFor(long nanos, long nowNanos) {
    return !used || nowNanos - lastNanos - intervalNanos > nanos;
  }

  /** A send goes now. */
  public void take(long nowNanos) {
    lastNanos = nowNanos;
    used = true;
  }
}
