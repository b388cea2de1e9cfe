package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DeferredSettings;
import dev.posthaste.store.DeferredStore;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings deferred deliveries back into the lanes: leases what is due within the next seconds, some
 * of each endpoint, and goes on at once while there is more. One per node.
 */
public final class DeferredClaimer extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(DeferredClaimer.class);

  /** Pause between claims while there is more. */
  private static final long BUSY_MILLIS = 20;

  /** Pause before the next claim if all that is due is of tenants that have enough in memory. */
  private static final long CUT_MILLIS = 100;

  private static final long MEASURE_NANOS = Duration.ofSeconds(2).toNanos();

  private final DeferredSettings settings;
  private final Function<Vertx, DeferredStore> stores;
  private final Registry registry;
  private final Supplier<Future<Void>> refreshRegistry;
  private final DispatchRouter router;
  private final ClaimPlan plan;

  private DeferredStore store;
  private Context own;
  private long timer;
  private boolean resting;

  /** A lane takes something again since the look under way began. */
  private boolean woken;

  private long sweptAtNanos = System.nanoTime();
  private long measuredAtNanos = System.nanoTime();
  private boolean measuring;
  private boolean failing;
  private ClaimObserver observer = ClaimObserver.NONE;
  private boolean stopped;
  private Future<?> underWay = Future.succeededFuture();

  /**
   * @param plan how much it takes of each endpoint
   * @param refreshRegistry brings the registry up to date: an endpoint that is unknown after it is
   *     deleted, not new
   */
  public DeferredClaimer(
      ClaimPlan plan,
      Function<Vertx, DeferredStore> stores,
      Registry registry,
      Supplier<Future<Void>> refreshRegistry,
      DispatchRouter router) {
    this.plan = plan;
    this.settings = plan.settings();
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
    plan.onRoom(() -> own.runOnContext(v -> wake()));
    claimSoon(1);
    return Future.succeededFuture();
  }

  /** Claimed deliveries of these endpoints, one per entry, are settled. From any thread. */
  public void released(List<Long> endpointIds) {
    Context target = own;
    if (target != null) {
      target.runOnContext(v -> plan.released(endpointIds));
    }
  }

  private void claimSoon(long delayMillis) {
    timer =
        vertx.setTimer(
            delayMillis,
            fired -> {
              resting = false;
              if (!stopped) {
                underWay = claim();
              }
            });
  }

  /** A lane takes something again that did not: no need to rest. */
  private void wake() {
    if (resting && vertx.cancelTimer(timer)) {
      resting = false;
      claimSoon(BUSY_MILLIS);
    } else {
      woken = true;
    }
  }

  private Future<?> claim() {
    woken = false;
    measure();
    plan.begin(System.nanoTime());
    return sweep().compose(v -> plan.isFull() ? awaitMemory() : bring()).onFailure(this::failed);
  }

  private Future<Void> awaitMemory() {
    claimSoon(BUSY_MILLIS);
    return Future.succeededFuture();
  }

  private Future<Void> bring() {
    return look().compose(look -> knowEndpoints(look.due()).compose(due -> take(look, due)));
  }

  private Future<DeferredStore.Look> look() {
    long began = System.nanoTime();
    return store
        .claim(plan.limits(), plan.after(), plan.rooms(began), plan.fullTenants())
        .onSuccess(look -> observer.claimed(look.due().size(), System.nanoTime() - began));
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

  /** Often enough that little can have come to wait meanwhile. Claims go on beside it. */
  private void measure() {
    if (measuring || System.nanoTime() - measuredAtNanos < MEASURE_NANOS) {
      return;
    }
    measuring = true;
    store
        .keepMeasured()
        .onComplete(
            done -> {
              measuring = false;
              measuredAtNanos = System.nanoTime();
            });
  }

  private Future<List<DeferredStore.Due>> knowEndpoints(List<DeferredStore.Due> due) {
    if (due.stream().allMatch(this::isKnown)) {
      return Future.succeededFuture(due);
    }
    // What is still unknown after a look is deleted. Without the look nobody knows: it is left
    // alone until its lease runs out.
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
    Delivery delivery = due.delivery();
    return DirectTarget.is(delivery.endpointId())
        ? registry.tenant(delivery.event().tenantId()).isPresent()
        : registry.endpoint(delivery.endpointId()).isPresent();
  }

  /** What is thrown here fails the claim: it must not be the last one. */
  private Future<Void> take(DeferredStore.Look look, List<DeferredStore.Due> due) {
    if (failing) {
      failing = false;
      LOG.info("Deferred deliveries are picked up again");
    }
    plan.took(look);
    plan.holds(due);
    passOn(plan.keep(due, System.nanoTime()));
    resting = plan.isIdle() && !woken;
    claimSoon(resting ? restMillis(look) : BUSY_MILLIS);
    return Future.succeededFuture();
  }

  private void passOn(List<DeferredStore.Due> due) {
    router.accept(
        due.stream()
            .filter(one -> one.dueInMillis() == 0)
            .map(DeferredStore.Due::delivery)
            .toList());
    due.stream()
        .filter(one -> one.dueInMillis() > 0)
        .forEach(one -> later(one.delivery(), one.dueInMillis()));
  }

  private long restMillis(DeferredStore.Look look) {
    long interval = settings.claimInterval().toMillis();
    return look.hasLeftSome() ? Math.min(interval, CUT_MILLIS) : interval;
  }

  private void later(Delivery delivery, long delayMillis) {
    vertx.setTimer(delayMillis, fired -> router.accept(List.of(delivery)));
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
