package dev.posthaste.lane;

/**
 * Additive increase, multiplicative decrease, as TCP does it: doubles per round while nothing went
 * wrong yet, grows by one per round after that, and is cut by half at a sign of overload, once per
 * round: what was already under way at the last cut says nothing new.
 */
public final class AimdLimit implements ConcurrencyLimit {
  private static final int START = 4;

  private int ceiling;
  private double limit;
  private double slowStartBelow;
  private boolean cut;
  private long cutNanos;

  /**
   * @param ceiling it never grows beyond; at least 1
   */
  public AimdLimit(int ceiling) {
    this.ceiling = ceiling;
    this.limit = Math.min(START, ceiling);
    this.slowStartBelow = ceiling;
  }

  @Override
  public int current() {
    return (int) limit;
  }

  @Override
  public void ceiling(int most) {
    if (slowStartBelow == ceiling) {
      slowStartBelow = most;
    }
    ceiling = most;
    limit = Math.min(limit, most);
  }

  /** Grows only while the limit is what holds the lane back. */
  @Override
  public void onSuccess(int inFlight) {
    if (inFlight * 2 < limit) {
      return;
    }
    limit = Math.min(ceiling, limit + (limit < slowStartBelow ? 1 : 1 / limit));
  }

  @Override
  public void onOverload(long startedNanos, long nowNanos) {
    if (cut && startedNanos - cutNanos < 0) {
      return;
    }
    cut = true;
    cutNanos = nowNanos;
    limit = Math.max(1, limit / 2);
    slowStartBelow = limit;
  }

  @Override
  public void restart() {
    limit = 1;
    slowStartBelow = ceiling;
    cut = false;
  }
}
