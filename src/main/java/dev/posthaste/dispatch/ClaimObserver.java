package dev.posthaste.dispatch;

/** Sees each look for due deliveries. Called on the claimer's event loop; must not throw. */
@FunctionalInterface
public interface ClaimObserver {
  /** Sees nothing. */
  ClaimObserver NONE = (rows, nanos) -> {};

  /**
   * A look has ended well.
   *
   * @param rows how many deliveries it has leased
   * @param nanos how long the database took
   */
  void claimed(int rows, long nanos);
}
