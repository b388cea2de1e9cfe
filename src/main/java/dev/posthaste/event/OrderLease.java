package dev.posthaste.event;

import java.time.Duration;

/**
 * A node's word that for some time nobody else delivers for an {@link OrderKey}. All deliveries
 * that were claimed together share one.
 */
public interface OrderLease {
  /** Which order it is about. */
  OrderKey key();

  /**
   * Until when the rows in the table are leased, in microseconds since 1970 by the clock of the
   * database. It also tells this lease from every other one of the same rows.
   */
  long untilMicros();

  /**
   * Whether an attempt that takes so long at most may still be started under it. On any event loop.
   */
  boolean holds(Duration attempt);

  /**
   * The deliveries go back to the table before they are over.
   *
   * @param pause how long it makes no sense to try the key again
   * @param untried whether that is because the endpoint's lane could not take one
   */
  void giveBack(Duration pause, boolean untried);
}
