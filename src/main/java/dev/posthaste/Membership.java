package dev.posthaste;

import dev.posthaste.alert.Alerts;
import dev.posthaste.dispatch.ClaimPlan;
import dev.posthaste.dispatch.ClaimedBytes;
import dev.posthaste.dispatch.DeferredClaimer;
import dev.posthaste.dispatch.DispatchRouter;
import dev.posthaste.dispatch.DispatchVerticle;
import dev.posthaste.dispatch.Dropper;
import dev.posthaste.dispatch.LaneRooms;
import dev.posthaste.dispatch.OrderedClaimer;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.jobs.JobRunner;
import dev.posthaste.send.Cidr;
import dev.posthaste.send.ClientFactory;
import dev.posthaste.send.SendSettings;
import dev.posthaste.send.Sender;
import dev.posthaste.settings.Settings;
import dev.posthaste.store.DeferredStore;
import dev.posthaste.store.DroppedStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.NodeTable;
import dev.posthaste.store.OrderedStore;
import dev.posthaste.store.OutcomeLog;
import dev.posthaste.store.OwnEvents;
import dev.posthaste.stream.Streams;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The verticles of one epoch of a node: the way in, the way out, the way back. */
final class Membership {
  /** Beyond the statement timeout only what waits for a standby can still be under way. */
  private static final Duration DOUBT_MARGIN = Duration.ofSeconds(5);

  /** Beyond the two graces that the slowest part may take: for deliveries, and for their record. */
  private static final Duration STEP_MARGIN = Duration.ofSeconds(5);

  /** Rows of a statement that takes some tens of milliseconds. */
  private static final int DROPPED_AT_ONCE = 2_000;

  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);

  private final Vertx vertx;
  private final Settings settings;
  private final NodeTable.Membership joined;
  private final Node.Wiring wiring;
  private final int loops;
  private final IdGenerator ids;
  private final DispatchRouter router;
  private final LaneRooms rooms = new LaneRooms();
  private final DeferredClaimer claimer;
  private final OrderedClaimer orderedClaimer;
  private volatile BooleanSupplier leaseHolds = () -> false;
  private final OwnEvents own;
  private final Alerts alerts;
  private final Streams streams;
  private final WayIn wayIn;

  private final List<String> ingest = new CopyOnWriteArrayList<>();
  private final List<String> dispatch = new CopyOnWriteArrayList<>();
  private final List<String> claims = new CopyOnWriteArrayList<>();
  private final List<String> watches = new CopyOnWriteArrayList<>();
  private final List<String> leases = new CopyOnWriteArrayList<>();
  private volatile int liveNodes;
  private volatile boolean lost;

  Membership(Vertx vertx, Settings settings, NodeTable.Membership joined, Node.Wiring wiring) {
    this.vertx = vertx;
    this.settings = settings;
    this.joined = joined;
    this.wiring = wiring;
    this.liveNodes = joined.liveNodes();
    this.loops = settings.http().eventLoopsOrCores();
    this.ids = new IdGenerator(wiring.idClock(), joined.fence().node(), joined.floor());
    this.router = new DispatchRouter(loops);
    this.claimer =
        new DeferredClaimer(
            new ClaimPlan(
                settings.deferred(),
                settings.delivery().laneQueue(),
                rooms,
                new ClaimedBytes(settings.fairness(), settings.deferred().lease())),
            loop -> new DeferredStore(wiring.database(), joined.fence().node()),
            wiring.registry(),
            wiring.feed()::refresh,
            router);
    this.orderedClaimer =
        new OrderedClaimer(
            settings.deferred(),
            loop -> new OrderedStore(wiring.database(), joined.fence().node()),
            new OrderedClaimer.Knowledge(
                wiring.registry(),
                wiring.feed()::refresh,
                rooms::takes,
                () -> leaseHolds.getAsBoolean()),
            router);
    this.own = new OwnEvents(wiring.database(), joined.fence(), ids, doubtPatience());
    this.alerts =
        new Alerts(
            new Alerts.Parts(
                wiring.database(),
                wiring.sealer(),
                joined.fence().node(),
                own,
                wiring.registry(),
                wiring.definitions().contracts(),
                settings.alerts(),
                settings.cluster().heartbeat(),
                wiring.feed()::refresh,
                wiring.clock()));
    ApiWiring api =
        new ApiWiring(
            settings,
            wiring,
            new ApiWiring.Own(
                ids, alerts.endpoints(), own, loop -> Sender.open(loop, openClients())));
    this.streams = api.streams(joined.fence().node());
    this.wayIn =
        new WayIn(
            settings,
            joined,
            wiring,
            new WayIn.Own(ids, own, api, streams, router, orderedClaimer, doubtPatience()));
    claimer.watchedBy(wiring.watch().telemetry().claims());
  }

  private Duration doubtPatience() {
    return settings.database().statementTimeout().plus(DOUBT_MARGIN);
  }

  /** The way out first, so that what comes in finds it; the future has the port. */
  Future<Integer> start() {
    DispatchVerticle.Shared out = dispatchShared();
    Future<Void> chain =
        deploy(alerts.verticle())
            .map(watches::add)
            .compose(v -> deploy(streams.follower()))
            .map(watches::add)
            .mapEmpty();
    for (int i = 0; i < loops; i++) {
      int index = i;
      chain =
          chain
              .compose(v -> deploy(new DispatchVerticle(index, out)))
              .map(dispatch::add)
              .mapEmpty();
    }
    chain =
        chain
            .compose(v -> deploy(claimer))
            .map(claims::add)
            .compose(v -> deploy(orderedClaimer))
            .map(claims::add)
            .compose(v -> deploy(jobRunner()))
            .map(claims::add)
            .compose(v -> deploy(dropper()))
            .map(claims::add)
            .mapEmpty();
    for (int i = 0; i < loops; i++) {
      chain = chain.compose(v -> deploy(wayIn.verticle())).map(ingest::add).mapEmpty();
    }
    return chain.map(v -> wayIn.port());
  }

  private Future<String> deploy(Deployable verticle) {
    checkOurs();
    return vertx.deployVerticle(verticle);
  }

  /**
   * To be asked while it starts.
   *
   * @throws IllegalStateException if another node has taken this one over
   */
  void checkOurs() {
    if (lost) {
      throw new IllegalStateException("another node took this one over while it started");
    }
  }

  private JobRunner jobRunner() {
    return new JobRunner(
        wiring.database(),
        new EndpointStore(wiring.database(), wiring.sealer()),
        wiring.registry(),
        wiring.definitions().contracts().announcements(),
        settings.jobs(),
        settings.deferred().claimInterval());
  }

  private Dropper dropper() {
    return new Dropper(
        new DroppedStore(wiring.database(), DROPPED_AT_ONCE),
        settings.deferred().claimInterval(),
        wiring.watch().telemetry().discarded());
  }

  private long partMillis() {
    return settings.delivery().drainGrace().multipliedBy(2).plus(STEP_MARGIN).toMillis();
  }

  private static Future<Void> tooLate(String part, Throwable cause) {
    if (cause instanceof TimeoutException) {
      LOG.atWarn().addKeyValue("part", part).log("A part did not end in time; stopping without it");
    }
    return Future.succeededFuture();
  }

  private DispatchVerticle.Shared dispatchShared() {
    ClientFactory clients = openClients();
    return new DispatchVerticle.Shared(
        settings.delivery(),
        settings.fairness(),
        settings.breaker(),
        settings.direct(),
        settings.deferred().claimInterval(),
        settings.targets().http(),
        loops,
        wiring.registry(),
        wiring.definitions().contracts(),
        loop -> Sender.open(loop, clients),
        loop -> new OutcomeLog(wiring.database()),
        router,
        claimer::released,
        alerts::gone,
        loop -> alerts.observer(loop).and(wiring.watch().telemetry().dispatch(loops)),
        () -> liveNodes,
        () -> lost,
        wiring.watch().attemptTraces(),
        rooms,
        wiring.clock());
  }

  private ClientFactory openClients() {
    return new ClientFactory(vertx, sendSettings());
  }

  private SendSettings sendSettings() {
    return new SendSettings(
        settings.delivery().connectTimeout(),
        settings.delivery().keepAlive(),
        SendSettings.DEFAULT.maxLifetime(),
        settings.delivery().maxConnectionsPerOrigin(),
        settings.delivery().maxInFlight(),
        settings.delivery().maxResponseBytes(),
        settings.delivery().keptResponseBytes(),
        settings.targets().allow().stream().map(Cidr::parse).toList(),
        settings.targets().caFiles(),
        List.of());
  }

  /** Below which of this node's event ids everything is settled. */
  Future<Long> settledBelow() {
    return wayIn.settledBelow();
  }

  /** Every event that this node will still commit has this id or a higher one. */
  Future<Long> committedBelow() {
    return wayIn.committedBelow();
  }

  /** So many nodes are alive, this one included. From any thread. */
  void alive(int nodes) {
    liveNodes = nodes;
  }

  /** When the oldest event of this node was accepted that only its memory holds. */
  Future<OptionalLong> oldestUnsettled() {
    return settledBelow()
        .map(
            mark ->
                mark <= ids.last()
                    ? OptionalLong.of(IdGenerator.millisOf(mark))
                    : OptionalLong.empty());
  }

  /** Remembers a verticle that speaks for the lease, to stop it last. */
  void lease(String deploymentId) {
    leases.add(deploymentId);
  }

  /** Who knows whether this membership still holds, without asking the database. */
  void leaseHolds(BooleanSupplier holds) {
    leaseHolds = holds;
  }

  /**
   * The clean end: in, back, out, in this order. The lease is given back only if nothing is left
   * behind; otherwise the next start or a survivor finds it.
   */
  Future<Void> leave(NodeTable nodes) {
    return Future.join(streams.end(), undeploy("what takes events in", ingest))
        .compose(v -> undeploy("what claims from the table", claims))
        .compose(v -> undeploy("what delivers", dispatch))
        .compose(v -> undeploy("what watches endpoints", watches))
        .compose(v -> undeploy("what holds the lease", leases))
        .compose(v -> settledBelow())
        .compose(
            mark ->
                mark > ids.last() && own.isIdle()
                    ? nodes
                        .leave(joined.fence(), mark)
                        .timeout(partMillis(), TimeUnit.MILLISECONDS)
                        .mapEmpty()
                    : Future.succeededFuture());
  }

  /** Another node has taken this one over: nothing more is begun or written. */
  void taken() {
    lost = true;
  }

  /**
   * The end after a loss, of all parts at once. Nothing is worth saving, somebody else has it; what
   * this node still sent, or wrote about its deliveries, would only disturb the one that has them
   * now.
   */
  Future<Void> abandon() {
    taken();
    return Future.join(
            List.of(
                streams.end(),
                undeploy("what takes events in", ingest),
                undeploy("what claims from the table", claims),
                undeploy("what delivers", dispatch),
                undeploy("what watches endpoints", watches)))
        .compose(v -> undeploy("what holds the lease", leases));
  }

  /**
   * A part that does not end, such as one that waits for a connection which died in silence, must
   * not hold up the others: what it has left behind is found as after a crash.
   */
  private Future<Void> undeploy(String part, List<String> deployments) {
    List<Future<Void>> all = deployments.stream().map(vertx::undeploy).toList();
    deployments.clear();
    return all.isEmpty()
        ? Future.succeededFuture()
        : Future.join(all)
            .timeout(partMillis(), TimeUnit.MILLISECONDS)
            .<Void>mapEmpty()
            .recover(e -> tooLate(part, e));
  }
}
