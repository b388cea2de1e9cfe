package dev.posthaste.lane;

/** How many attempts of a lane may be in flight; learns from how they end. */
public interface ConcurrencyLimit {
  /** At least 1. */
  int current();

  /** It never grows beyond this; at least 1. */
  void ceiling(int most);

  /**
   * An attempt ended without a sign of overload.
   *
   * @param inFlight how many were in flight with it
   */
  void onSuccess(int inFlight);

  /**
   * An attempt ended in a way that says: too much.
   *
   * @param startedNanos when it began
   * @param nowNanos when it ended, by the same clock
   */
  void onOverload(long startedNanos, long nowNanos);

  /** Begins anew with one at a time: what was learnt before a break no longer holds. */
  void restart();
}
