package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.OrderKey;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DeferredSettings;
import dev.posthaste.store.OrderedStore;
import dev.posthaste.store.OrderedStore.Head;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings ordered deliveries into the lanes: leases the first ones of each key and hands them to the
 * dispatcher of their endpoint. One per node.
 *
 * <p>It mostly knows where to look: ingest says in which keys something new waits, and every run
 * that is over says that there may be more of its key. So an idle node delivers at once, and claims
 * ask for keys, not for everything. Looks into the table find the rest: what other nodes left
 * behind, what waits for a time far ahead, endpoints that were enabled again, and keys that were
 * not remembered, as their lane took nothing or there were too many. So looks never end.
 */
public final class OrderedClaimer extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(OrderedClaimer.class);

  /** Keys of one endpoint in memory at a time, as a multiple of what a claim takes of others. */
  private static final int HELD_CLAIMS = 5;

  /** Of data in memory, after which nothing more is claimed. */
  private static final long MAX_HELD_BYTES = 64L << 20;

  /** The same of one tenant: a few with receivers that hang leave room for the others. */
  private static final long MAX_HELD_BYTES_PER_TENANT = MAX_HELD_BYTES / 4;

  /** Of data in a run, after which it takes no more. */
  private static final long MAX_RUN_BYTES = 256L << 10;

  /** Of an endpoint that is not known: deleted, or new. */
  private static final long NO_TENANT = 0;

  private static final int MAX_HINTS = 50_000;

  /** Some claims ahead, so that an endpoint with many keys need not wait for a look. */
  private static final int MAX_HINTS_PER_ENDPOINT = 200;

  private static final int SURE_HINTS_PER_ENDPOINT = 20;

  /** Retries that are awaited with a timer; looks find the others. */
  private static final int MAX_AWAITED = 10_000;

  private static final long LONGEST_AWAITED_MILLIS = Duration.ofMinutes(1).toMillis();

  /** How long an endpoint is left alone whose lane could not take a delivery. */
  private static final Duration REST = Duration.ofSeconds(1);

  /** Endpoints that a look is told to pass by. */
  private static final int MAX_SHUT = 1_000;

  private final DeferredSettings settings;
  private final Function<Vertx, OrderedStore> stores;
  private final Knowledge knowledge;
  private final DispatchRouter router;
  private final OrderHints hints =
      new OrderHints(
          new OrderHints.Bounds(MAX_HINTS, MAX_HINTS_PER_ENDPOINT, SURE_HINTS_PER_ENDPOINT));
  private final LookAround lookAround;
  private final ShutLanes shut;
  private final HeldRuns held;

  private OrderedStore store;
  private volatile Context own;
  private boolean lookIsDue = true;
  private int awaited;
  private boolean busy;
  private boolean failing;
  private boolean stopped;
  private ClaimObserver observer = ClaimObserver.NONE;
  private Future<?> underWay = Future.succeededFuture();

  public OrderedClaimer(
      DeferredSettings settings,
      Function<Vertx, OrderedStore> stores,
      Knowledge knowledge,
      DispatchRouter router) {
    this.settings = settings;
    this.stores = stores;
    this.knowledge = knowledge;
    this.router = router;
    this.held =
        new HeldRuns(
            new HeldRuns.Bounds(
                settings.claimPerEndpoint() * HELD_CLAIMS,
                MAX_HELD_BYTES,
                MAX_HELD_BYTES_PER_TENANT,
                MAX_RUN_BYTES),
            id -> knowledge.registry.endpoint(id).map(Endpoint::tenantId).orElse(NO_TENANT));
    this.lookAround = new LookAround(settings.claimBatch(), settings.claimInterval());
    this.shut = new ShutLanes(knowledge.takes, MAX_SHUT);
  }

  /** Whether endpoints whose attempts may take so long get their deliveries in order for sure. */
  public static boolean keepsOrder(DeferredSettings settings, Duration timeout) {
    return ClaimedRun.keepsOrder(settings.lease(), timeout);
  }

  /**
   * What it asks others.
   *
   * @param refreshRegistry brings the registry up to date: an endpoint that is unknown after it is
   *     deleted, not new
   * @param takes whether the lane of an endpoint can take deliveries; asked on the claimer's loop
   * @param nodeHolds whether this node holds its own lease; asked on any loop
   */
  public record Knowledge(
      Registry registry,
      Supplier<Future<Void>> refreshRegistry,
      LongPredicate takes,
      BooleanSupplier nodeHolds) {}

  /**
   * Tells of every look into the table, and how many keys that it found may go; to be called before
   * the start.
   */
  void watchedBy(ClaimObserver watcher) {
    observer = watcher;
  }

  @Override
  public Future<?> start() {
    store = stores.apply(vertx);
    own = context;
    context.runOnContext(v -> next());
    return Future.succeededFuture();
  }

  /** Something new waits in these orders. From any thread. */
  public void nudge(List<OrderKey> keys) {
    Context target = own;
    if (target != null) {
      target.runOnContext(v -> consider(keys));
    }
  }

  /** Keys of a lane that takes nothing now are left to a look. */
  private void consider(List<OrderKey> keys) {
    hints.add(keys.stream().filter(key -> knowledge.takes.test(key.endpointId())).toList());
    next();
  }

  /** The store does one thing at a time. */
  private void next() {
    if (stopped || busy) {
      return;
    }
    if (lookIsDue) {
      lookIsDue = false;
      begin(look());
      return;
    }
    List<OrderKey> keys = worthIt();
    if (!keys.isEmpty()) {
      begin(claim(keys));
    }
  }

  /**
   * After what has failed it is the next look's turn, at once if it came due meanwhile: its timer
   * is gone then, and nothing else would wake the claimer. A look that fails sets its own.
   */
  private void begin(Future<?> work) {
    busy = true;
    underWay =
        work.onComplete(
            done -> {
              busy = false;
              tell(done.cause());
              if (done.succeeded() || lookIsDue) {
                next();
              }
            });
  }

  private Future<?> look() {
    held.sweep();
    long began = System.nanoTime();
    Set<Long> passedBy = held.satisfied();
    passedBy.addAll(shut.endpoints());
    return store
        .look(lookAround.from(), passedBy, lookAround.bounds())
        .map(heads -> found(heads, passedBy))
        .onSuccess(found -> observer.claimed(found, System.nanoTime() - began))
        .onComplete(
            found ->
                lookAfter(
                    found.succeeded()
                        ? lookAround.pauseMillis(found.result(), System.nanoTime() - began)
                        : settings.claimInterval().toMillis()));
  }

  private int found(List<Head> heads, Set<Long> passedBy) {
    lookAround.saw(heads, passedBy);
    shut.saw(heads.stream().map(Head::key).toList());
    List<OrderKey> able =
        heads.stream().filter(Head::ready).map(Head::key).filter(this::canGo).toList();
    hints.add(able);
    return able.size();
  }

  /** Whether a run of the key may be claimed, and its lane takes it. */
  private boolean canGo(OrderKey key) {
    return !held.holds(key)
        && !held.isFull()
        && held.room(key.endpointId()) > 0
        && knowledge.takes.test(key.endpointId())
        && knowledge.nodeHolds.getAsBoolean();
  }

  private void lookAfter(long millis) {
    vertx.setTimer(
        millis,
        timer -> {
          lookIsDue = true;
          next();
        });
  }

  private List<OrderKey> worthIt() {
    if (held.isFull() || !knowledge.nodeHolds.getAsBoolean()) {
      return List.of();
    }
    int most = Math.max(1, settings.claimBatch() / settings.orderedRun());
    return hints.take(Math.min(most, held.runs()), knowledge.takes, held.fitting()).stream()
        .filter(key -> !held.holds(key))
        .toList();
  }

  private Future<?> claim(List<OrderKey> keys) {
    var limits = new OrderedStore.Limits(settings.lease(), settings.orderedRun(), MAX_RUN_BYTES);
    var lifetime =
        new ClaimedRun.Lifetime(System.nanoTime(), settings.lease(), knowledge.nodeHolds);
    return store
        .claim(limits, keys)
        .compose(this::knowEndpoints)
        .compose(runs -> take(runs, lifetime));
  }

  /** What is still unknown after a refresh is deleted; without one it waits for the next lease. */
  private Future<List<OrderedStore.Run>> knowEndpoints(List<OrderedStore.Run> runs) {
    return runs.stream().allMatch(this::isKnown)
        ? Future.succeededFuture(runs)
        : knowledge
            .refreshRegistry
            .get()
            .map(runs)
            .otherwise(e -> runs.stream().filter(this::isKnown).toList());
  }

  private boolean isKnown(OrderedStore.Run run) {
    return knowledge.registry.endpoint(run.key().endpointId()).isPresent();
  }

  /** What is thrown here fails the claim: it must not be the last one. */
  private Future<Void> take(List<OrderedStore.Run> runs, ClaimedRun.Lifetime lifetime) {
    for (OrderedStore.Run one : runs) {
      ClaimedRun run = new ClaimedRun(one, lifetime, this::over);
      held.add(run);
      List<Delivery> deliveries = run.deliveries();
      router.accept(deliveries);
    }
    return Future.succeededFuture();
  }

  /** Called on the loop of the dispatcher. */
  private void over(ClaimedRun run) {
    own.runOnContext(v -> ended(run));
  }

  private void ended(ClaimedRun run) {
    held.remove(run);
    Duration pause = run.pause();
    if (run.isUntried()) {
      pause = pause.compareTo(REST) > 0 ? pause : REST;
      held.rest(run.key().endpointId(), System.nanoTime() + REST.toNanos());
    }
    await(run.key(), pause.toMillis());
  }

  private void await(OrderKey key, long millis) {
    if (millis <= 0) {
      consider(List.of(key));
    } else if (!stopped && millis <= LONGEST_AWAITED_MILLIS && awaited < MAX_AWAITED) {
      awaited++;
      vertx.setTimer(
          millis,
          timer -> {
            awaited--;
            consider(List.of(key));
          });
    }
  }

  /** Two lines in the log per outage. */
  private void tell(Throwable cause) {
    if (cause != null && !failing) {
      LOG.atWarn()
          .addKeyValue("cause", cause.getMessage())
          .log("Ordered deliveries cannot be picked up; they wait in the database");
    } else if (cause == null && failing) {
      LOG.info("Ordered deliveries are picked up again");
    }
    failing = cause != null;
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return underWay.otherwiseEmpty().eventually(() -> store.close());
  }
}
