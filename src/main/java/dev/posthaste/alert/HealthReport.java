package dev.posthaste.alert;

import dev.posthaste.registry.Registry;
import dev.posthaste.store.HealthStore;
import dev.posthaste.store.HealthStore.Change;
import dev.posthaste.store.HealthStore.Look;
import dev.posthaste.store.HealthStore.Standing;
import io.vertx.core.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

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
  private final Supplier<Future<List<Map<Long, Change>>>> gather;

  private Map<Long, Change> kept = new HashMap<>();
  private Optional<Instant> since = Optional.empty();

  HealthReport(
      HealthStore store,
      Registry registry,
      FailingEndpoints failing,
      Verdicts verdicts,
      Supplier<Future<List<Map<Long, Change>>>> gather) {
    this.store = store;
    this.registry = registry;
    this.failing = failing;
    this.verdicts = verdicts;
    this.gather = gather;
  }

  /** One round; not to be called while another is under way. */
  Future<Void> round() {
    return gather
        .get()
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
    Future<Void> chain = Future.succeededFuture();
    for (Standing standing : look.standings()) {
      boolean isKnown = registry.endpoint(standing.endpointId()).isPresent();
      failing.set(standing.endpointId(), isKnown && standing.failingSince().isPresent());
      if (standing.failingSince().isPresent()) {
        chain = chain.compose(v -> verdicts.on(standing));
      }
    }
    since = Optional.of(look.at());
    return chain;
  }
}
