package dev.posthaste.lane;

import java.util.concurrent.TimeUnit;

/**
 * Whether an endpoint is slow: its attempts take long on average, or nothing has come back for long
 * although something is under way.
 */
final class Speed {
  private static final float WEIGHT = 1 / 8f;

  /**
   * For how long an answer says that the endpoint answers. Far more than a fast one takes, and
   * short: until it is over, an endpoint that has just begun to hang gets more of the share that is
   * kept for others. One that takes longer than this counts as silent between two answers, and so
   * gets more of that share only when one comes.
   */
  private static final long LATELY_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private float averageNanos;
  private boolean known;
  private boolean silent;
  private long quietSinceNanos;
  private long answeredNanos;

  /** Something goes out and nothing else is under way. */
  void begins(long nowNanos) {
    quietSinceNanos = nowNanos;
  }

  void ended(long tookNanos, long nowNanos) {
    averageNanos = known ? averageNanos + WEIGHT * (tookNanos - averageNanos) : tookNanos;
    known = true;
    silent = false;
    quietSinceNanos = nowNanos;
    answeredNanos = nowNanos;
  }

  /** To be asked now and then while something is under way. */
  void look(long nowNanos, long slowNanos) {
    silent = nowNanos - quietSinceNanos > slowNanos;
  }

  boolean isKnown() {
    return known;
  }

  /** Whether something has come back lately: that something has just gone out says nothing. */
  boolean isAnswering(long nowNanos) {
    return known && nowNanos - answeredNanos <= LATELY_NANOS;
  }

  boolean isSlow(long slowNanos) {
    return silent || averageNanos > slowNanos;
  }
}
