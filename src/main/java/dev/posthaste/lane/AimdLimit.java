package dev.posthaste.lane;

/**
 * Additive increase, multiplicative decrease, as TCP does it: doubles per round while nothing went
 * wrong yet, grows by one per round after that, and is cut by half at every sign of overload.
 */
public final class AimdLimit implements ConcurrencyLimit {
  private static final int START = 4;

  private int ceiling;
  private double limit;
  private double slowStartBelow;

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
  public void onOverload() {
    limit = Math.max(1, limit / 2);
    slowStartBelow = limit;
  }
}
