package dev.posthaste.lane;

/**
 * A clock that says when the next send may go: sends are spread evenly, so a limit of 60 in a
 * minute lets one go each second. Time that was not used is not saved up.
 */
public final class Pacer {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final long intervalNanos;
  private long nextNanos;
  private boolean used;

  private Pacer(long intervalNanos) {
    this.intervalNanos = intervalNanos;
  }

  /** Never makes anything wait. */
  public static Pacer unlimited() {
    return new Pacer(0);
  }

  /** At most {@code count} sends in any {@code perSeconds}. */
  public static Pacer of(int count, int perSeconds) {
    return new Pacer(Math.ceilDiv(perSeconds * NANOS_PER_SECOND, count));
  }

  /** How long the next send has to wait; 0 if it may go. In nanoseconds of the same clock. */
  public long waitNanos(long nowNanos) {
    return used ? Math.max(0, nextNanos - nowNanos) : 0;
  }

  /** A send goes now. */
  public void take(long nowNanos) {
    if (intervalNanos > 0) {
      nextNanos = nowNanos + intervalNanos;
      used = true;
    }
  }
}
