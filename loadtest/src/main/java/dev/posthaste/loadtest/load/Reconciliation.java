package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.plan.RunLedger;
import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Every event that was answered with yes must have arrived.
 *
 * @param lost ids of those that did not
 * @param duplicates arrivals beyond the first
 * @param unacknowledged events that arrived without a yes: the answer got lost, not the event
 */
record Reconciliation(long acknowledged, List<String> lost, long duplicates, long unacknowledged) {
  static final Reconciliation NOTHING = new Reconciliation(0, List.of(), 0, 0);

  static Reconciliation of(Records records) {
    Reconciliation sum = NOTHING;
    for (int i = 0; i < records.ledgers().size(); i++) {
      int run = records.plan().firstRun() + i;
      sum = sum.and(of(run, records.ledgers().get(i), records.arrived().get(i)));
    }
    long repeats = records.received().stream().mapToLong(counts -> counts.getLong("repeats")).sum();
    return new Reconciliation(sum.acknowledged, sum.lost, repeats, sum.unacknowledged);
  }

  /** Of one run number; duplicates are left out. */
  static Reconciliation of(int run, RunLedger ledger, Timeline arrived) {
    Timeline accepted = ledger.accepted();
    List<String> lost = new ArrayList<>();
    long acknowledged = 0;
    long unacknowledged = 0;
    for (int i = 0; i < Math.max(accepted.size(), arrived.size()); i++) {
      boolean yes = accepted.get(i) != 0;
      boolean here = arrived.get(i) != 0;
      acknowledged += yes ? 1 : 0;
      unacknowledged += here && !yes ? 1 : 0;
      if (yes && !here) {
        lost.add(ledger.id(i) + " (run " + run + ", number " + i + ")");
      }
    }
    return new Reconciliation(acknowledged, lost, 0, unacknowledged);
  }

  /** Both together. */
  Reconciliation and(Reconciliation other) {
    List<String> all = new ArrayList<>(lost);
    all.addAll(other.lost);
    return new Reconciliation(
        acknowledged + other.acknowledged,
        all,
        duplicates + other.duplicates,
        unacknowledged + other.unacknowledged);
  }

  JsonObject json() {
    return new JsonObject()
        .put("acknowledged", acknowledged)
        .put("lost", lost.size())
        .put("duplicates", duplicates)
        .put("unacknowledged", unacknowledged);
  }
}
