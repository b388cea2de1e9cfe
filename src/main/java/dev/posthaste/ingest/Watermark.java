package dev.posthaste.ingest;

import dev.posthaste.event.IdGenerator;
import java.util.ArrayDeque;
import java.util.Queue;

/**
 * Below which event id everything of one event loop is settled. Belongs to that loop: ids are made
 * and their batch is registered in one go there, so no id can slip between.
 */
final class Watermark {
  private final IdGenerator ids;
  private final Queue<UnsettledBatch> batches = new ArrayDeque<>();

  Watermark(IdGenerator ids) {
    this.ids = ids;
  }

  /** Keeps the mark below the batch until it is settled. Batches come in the order of their ids. */
  void hold(UnsettledBatch batch) {
    batches.add(batch);
  }

  /** Every event of this loop with an id lower than this is settled. */
  long settledBelow() {
    while (!batches.isEmpty() && batches.peek().isSettled()) {
      batches.remove();
    }
    return batches.isEmpty() ? ids.last() + 1 : batches.peek().firstId();
  }
}
