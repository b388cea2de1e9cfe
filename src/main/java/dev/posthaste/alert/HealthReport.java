package dev.posthaste.alert;

import dev.posthaste.registry.Registry;
import dev.posthaste.store.HealthStore;
import dev.posthaste.store.HealthStore.Change;
import dev.posthaste.store.HealthStore.Look;
import dev.posthaste.store.HealthStore.Standing;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings what the loops of this node have gathered to the table, looks what all nodes have brought
 * there, and acts on it. What could not be brought is kept, one entry per endpoint. Belongs to one
 * event loop.
 */
final class HealthReport {
  /** For transactions that began before the last look and have committed after it. */
  private static final Duration OVERLAP = Duration.ofSeconds(10);

  private final HealthStore store;
  private final Registry registry;
  private final FailingEndpoints failing;
  private final Verdicts verdicts;
  private final Loops loops;

  private Map<Long, Change> kept = new HashMap<>();
  private Optional<Instant> since = Optional.empty();

  HealthReport(
      HealthStore store,
      Registry registry,
      FailingEndpoints failing,
      Verdicts verdicts,
      Loops loops) {
    this.store = store;
    this.registry = registry;
    this.failing = failing;
    this.verdicts = verdicts;
    this.loops = loops;
  }

  /** One round; not to be called while another is under way. */
  Future<Void> round() {
    return loops
        .take()
        .compose(this::bring)
        .compose(v -> store.changed(since.map(last -> last.minus(OVERLAP))))
        .compose(this::actOn);
  }

  private Future<Void> bring(List<Map<Long, Change>> gathered) {
    gathered.forEach(
        changes -> changes.forEach((id, change) -> kept.merge(id, change, Change::then)));
    if (kept.isEmpty()) {
      return Future.succeededFuture();
    }
    Map<Long, Change> sent = kept;
    kept = new HashMap<>();
    List<Change> rows =
        sent.values().stream().sorted(Comparator.comparingLong(Change::endpointId)).toList();
    return store
        .report(rows, verdicts::recovered)
        .onFailure(
            e ->
                sent.forEach(
                    (id, old) -> kept.merge(id, old, (later, first) -> first.then(later))));
  }

  private Future<Void> actOn(Look look) {
    List<Standing> bad = new ArrayList<>();
    for (Standing standing : look.standings()) {
      boolean isKnown = registry.endpoint(standing.endpointId()).isPresent();
      boolean fails = standing.failingSince().isPresent();
      failing.set(standing.endpointId(), isKnown && fails);
      if (isKnown && fails) {
        bad.add(standing);
      }
    }
    loops.recall(bad);
    since = Optional.of(look.at());
    Promise<Void> judged = Promise.promise();
    judge(bad.iterator(), judged);
    return judged.future();
  }

  /** One after the other, and with the same depth of the stack however many there are. */
  private void judge(Iterator<Standing> rest, Promise<Void> judged) {
    while (rest.hasNext()) {
      Future<Void> one = verdicts.on(rest.next());
      if (!one.isComplete()) {
        one.onComplete(done -> judge(rest, judged));
        return;
      }
    }
    judged.complete();
  }

  /** The event loops whose endpoints are reported on. */
  interface Loops {
    /** Hands out what each has gathered. */
    Future<List<Map<Long, Change>>> take();

    /** These fail, so successes of theirs are news. */
    void recall(List<Standing> failing);
  }
}
