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
  private final AtomicInteger remaining = new AtomicInteger(1);

  /** Begins with one hold of its own, which {@link #release()} lets go. */
  UnsettledBatch(long firstId, IngestBudget budget) {
    this.firstId = firstId;
    this.budget = budget;
  }

  /** The lowest id in it. */
  long firstId() {
    return firstId;
  }

  /** Expects deliveries. Only while the batch's own hold is not released. */
  void expect(int deliveries) {
    remaining.addAndGet(deliveries);
    budget.unsettled(deliveries);
  }

  /** The commit has ended and its deliveries are expected, or there will be none. */
  void release() {
    remaining.decrementAndGet();
  }

  @Override
  public void settled() {
    remaining.decrementAndGet();
    budget.settled(1);
  }

  boolean isSettled() {
    return remaining.get() == 0;
  }
}
