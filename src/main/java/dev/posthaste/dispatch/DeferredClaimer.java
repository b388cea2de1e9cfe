package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DeferredSettings;
import dev.posthaste.store.DeferredStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings deferred deliveries back into the lanes: leases what is due within the next seconds, some
 * of each endpoint, and goes on at once while there is more. One per node.
 */
public final class DeferredClaimer extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(DeferredClaimer.class);

  /** Of one endpoint in memory at a time, as a multiple of what one claim takes of it. */
  private static final int HELD_CLAIMS = 5;

  /** Pause between claims while there is more. */
  private static final long BUSY_MILLIS = 20;

  private final DeferredSettings settings;
  private final Function<Vertx, DeferredStore> stores;
  private final Registry registry;
  private final Supplier<Future<Void>> refreshRegistry;
  private final DispatchRouter router;

  /** How many claimed deliveries of each endpoint are on this node. */
  private final Map<Long, Integer> held = new HashMap<>();

  private DeferredStore store;
  private Context own;
  private long after;
  private long sweptAtNanos = System.nanoTime();
  private boolean failing;
  private ClaimObserver observer = ClaimObserver.NONE;
  private boolean stopped;
  private Future<?> underWay = Future.succeededFuture();

  /**
   * @param refreshRegistry brings the registry up to date: an endpoint that is unknown after it is
   *     deleted, not new
   */
  public DeferredClaimer(
      DeferredSettings settings,
      Function<Vertx, DeferredStore> stores,
      Registry registry,
      Supplier<Future<Void>> refreshRegistry,
      DispatchRouter router) {
    this.settings = settings;
    this.stores = stores;
    this.registry = registry;
    this.refreshRegistry = refreshRegistry;
    this.router = router;
  }

  /** Tells of every look; to be called before the start. */
  public void watchedBy(ClaimObserver watcher) {
    observer = watcher;
  }

  @Override
  public Future<?> start() {
    store = stores.apply(vertx);
    own = context;
    claimSoon(1);
    return Future.succeededFuture();
  }

  /** Claimed deliveries of these endpoints, one per entry, are settled. From any thread. */
  public void released(List<Long> endpointIds) {
    Context target = own;
    if (target != null) {
      target.runOnContext(
          v ->
              endpointIds.forEach(
                  id -> held.computeIfPresent(id, (key, count) -> count > 1 ? count - 1 : null)));
    }
  }

  private void claimSoon(long delayMillis) {
    vertx.setTimer(
        delayMillis,
        timer -> {
          if (!stopped) {
            underWay = claim();
          }
        });
  }

  private Future<?> claim() {
    return sweep()
        .compose(v -> look())
        .compose(this::knowEndpoints)
        .onSuccess(this::take)
        .onFailure(this::failed);
  }

  private Future<List<DeferredStore.Due>> look() {
    long began = System.nanoTime();
    return store
        .claim(limits(), after, satisfied())
        .onSuccess(due -> observer.claimed(due.size(), System.nanoTime() - began));
  }

  /** Frees what a holder that hangs has not given back, now and then. */
  private Future<Void> sweep() {
    long now = System.nanoTime();
    if (now - sweptAtNanos < settings.lease().toNanos() / 4) {
      return Future.succeededFuture();
    }
    sweptAtNanos = now;
    return store.freeExpired().mapEmpty();
  }

  private DeferredStore.Limits limits() {
    return new DeferredStore.Limits(
        settings.lease(),
        settings.claimHorizon(),
        settings.claimPerEndpoint(),
        settings.claimBatch());
  }

  private Set<Long> satisfied() {
    int enough = settings.claimPerEndpoint() * HELD_CLAIMS;
    return held.entrySet().stream()
        .filter(entry -> entry.getValue() >= enough)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private Future<List<DeferredStore.Due>> knowEndpoints(List<DeferredStore.Due> due) {
    if (due.stream().allMatch(this::isKnown)) {
      return Future.succeededFuture(due);
    }
    // What is still unknown after a look is deleted. Without the look nobody knows: it is left
    // alone
    // until its lease runs out.
    return refreshRegistry
        .get()
        .map(due)
        .recover(
            e -> {
              LOG.atWarn()
                  .addKeyValue("cause", e.getMessage())
                  .log("Deliveries of endpoints that are not known yet wait until they are");
              return Future.succeededFuture(due.stream().filter(this::isKnown).toList());
            });
  }

  private boolean isKnown(DeferredStore.Due due) {
    return registry.endpoint(due.delivery().endpointId()).isPresent();
  }

  private void take(List<DeferredStore.Due> due) {
    if (failing) {
      failing = false;
      LOG.info("Deferred deliveries are picked up again");
    }
    for (DeferredStore.Due one : due) {
      held.merge(one.delivery().endpointId(), 1, Integer::sum);
      after = Math.max(after, one.delivery().endpointId());
    }
    router.accept(
        due.stream()
            .filter(one -> one.dueInMillis() == 0)
            .map(DeferredStore.Due::delivery)
            .toList());
    due.stream()
        .filter(one -> one.dueInMillis() > 0)
        .forEach(one -> later(one.delivery(), one.dueInMillis()));
    if (due.size() < settings.claimBatch()) {
      after = 0;
    }
    claimSoon(due.isEmpty() ? settings.claimInterval().toMillis() : BUSY_MILLIS);
  }

  private void later(Delivery delivery, long delayMillis) {
    vertx.setTimer(delayMillis, timer -> router.accept(List.of(delivery)));
  }

  private void failed(Throwable cause) {
    if (!failing) {
      failing = true;
      LOG.atWarn()
          .addKeyValue("cause", cause.getMessage())
          .log("Deferred deliveries cannot be picked up; they wait in the database");
    }
    claimSoon(settings.claimInterval().toMillis() * 2);
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return underWay.otherwiseEmpty().eventually(() -> store.close());
  }
}
