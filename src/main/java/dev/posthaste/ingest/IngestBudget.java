package dev.posthaste.ingest;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * How much the whole node may hold: events that wait for their commit, and committed events that
 * are not settled. What is over is refused at the door, never kept. Thread-safe.
 */
public final class IngestBudget {
  private final int maxQueued;
  private final int maxUnsettled;
  private final AtomicInteger queued = new AtomicInteger();
  private final AtomicInteger unsettled = new AtomicInteger();

  /**
   * @param maxQueued events that wait for their commit
   * @param maxUnsettled deliveries of committed events that are neither final nor deferred
   */
  public IngestBudget(int maxQueued, int maxUnsettled) {
    this.maxQueued = maxQueued;
    this.maxUnsettled = maxUnsettled;
  }

  /** Makes room for events that want to be committed; false if there is none. */
  boolean admit(int events) {
    if (unsettled.get() >= maxUnsettled) {
      return false;
    }
    if (queued.addAndGet(events) > maxQueued) {
      queued.addAndGet(-events);
      return false;
    }
    return true;
  }

  /** Whether it is the deliveries that leave no room, and not the events that wait. */
  boolean isUnsettledFull() {
    return unsettled.get() >= maxUnsettled;
  }

  /** Their commit has ended, well or not. */
  void leaveQueue(int events) {
    queued.addAndGet(-events);
  }

  void unsettled(int deliveries) {
    unsettled.addAndGet(deliveries);
  }

  void settled(int deliveries) {
    unsettled.addAndGet(-deliveries);
  }
}
