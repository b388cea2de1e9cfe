package dev.posthaste.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many per second for each of many callers: a token bucket that holds what one second brings,
 * kept as the one time at which it will be full again (GCRA). Thread-safe without locks, so that
 * the limit holds for the whole node, on whichever loops the connections of a caller are.
 */
public final class Throttle {
  private static final long SECOND = 1_000_000_000L;

  /** Callers that came long ago are forgotten when there are more than these. */
  private static final int MANY = 10_000;

  private final int perSecond;
  private final long step;
  private final Map<Long, AtomicLong> fullAt = new ConcurrentHashMap<>();

  /**
   * @param perSecond 0 lets everything pass
   */
  public Throttle(int perSecond) {
    this.perSecond = perSecond;
    this.step = perSecond == 0 ? 0 : SECOND / perSecond;
  }

  /** Whether it limits anything. */
  public boolean isOn() {
    return perSecond > 0;
  }

  public int perSecond() {
    return perSecond;
  }

  /**
   * Takes tokens if there is at least one. Many may be taken on credit: what follows waits until
   * they are paid, so a batch passes whatever its size and the rate still holds.
   *
   * @param nanos {@link System#nanoTime}
   */
  public Taken take(long caller, int tokens, long nanos) {
    AtomicLong own = fullAt.computeIfAbsent(caller, id -> fresh(nanos));
    while (true) {
      long full = own.get();
      // A difference, since nanoTime may go round.
      long debt = Math.max(0, full - nanos);
      if (debt > (perSecond - 1L) * step) {
        return taken(false, debt);
      }
      if (own.compareAndSet(full, nanos + debt + tokens * step)) {
        return taken(true, debt + tokens * step);
      }
    }
  }

  private AtomicLong fresh(long nanos) {
    if (fullAt.size() > MANY) {
      fullAt.values().removeIf(full -> full.get() - nanos <= 0);
    }
    return new AtomicLong(nanos);
  }

  private Taken taken(boolean granted, long debt) {
    long left = Math.max(0, perSecond - (debt + step - 1) / step);
    long wait = Math.max(0, debt - (perSecond - 1L) * step);
    return new Taken(granted, left, seconds(debt), Math.max(1, seconds(wait)));
  }

  private static int seconds(long nanos) {
    return (int) ((nanos + SECOND - 1) / SECOND);
  }

  /**
   * What became of it.
   *
   * @param left tokens that are still there
   * @param fullInSeconds until the bucket is full
   * @param retrySeconds until there is a token, at least 1
   */
  public record Taken(boolean granted, long left, int fullInSeconds, int retrySeconds) {}
}
