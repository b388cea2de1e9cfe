package dev.posthaste.ingest;

import dev.posthaste.event.Settlement;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The deliveries of one commit, until each is final or deferred. Counted down on the event loops of
 * the lanes, looked at on the loop of the commit.
 */
final class UnsettledBatch implements Settlement {
  private final long firstId;
  private final IngestBudget budget;
  private final int events;
  private final AtomicInteger remaining;

  /** Begins with one hold of its own, which {@link #settled()} of the commit releases. */
  UnsettledBatch(long firstId, int events, IngestBudget budget) {
    this.firstId = firstId;
    this.events = events;
    this.budget = budget;
    this.remaining = new AtomicInteger(1);
    budget.unsettled(events);
  }

  /** The lowest id in it. */
  long firstId() {
    return firstId;
  }

  /** Expects more deliveries. Only while the commit's own hold is not released. */
  void expect(int deliveries) {
    remaining.addAndGet(deliveries);
  }

  @Override
  public void settled() {
    if (remaining.decrementAndGet() == 0) {
      budget.settled(events);
    }
  }

  boolean isSettled() {
    return remaining.get() == 0;
  }
}
