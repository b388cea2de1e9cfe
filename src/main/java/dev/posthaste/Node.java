package dev.posthaste;

import dev.posthaste.api.ApiDocument;
import dev.posthaste.cluster.ClockWatch;
import dev.posthaste.cluster.HorizonReport;
import dev.posthaste.cluster.NodeLease;
import dev.posthaste.cluster.RegistryFeed;
import dev.posthaste.cluster.Takeover;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.ops.Health;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.Settings;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.Backlog;
import dev.posthaste.store.BoundedClock;
import dev.posthaste.store.CommitHorizon;
import dev.posthaste.store.DataFolder;
import dev.posthaste.store.Database;
import dev.posthaste.store.NodeTable;
import dev.posthaste.store.Partitions;
import dev.posthaste.store.RegistryChannel;
import dev.posthaste.store.RegistryStore;
import dev.posthaste.store.Sealer;
import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This process as a member of the cluster: joins under a number, runs the verticles of that
 * membership, and joins anew when the membership is lost. Called on any thread.
 */
final class Node {
  private static final Logger LOG = LoggerFactory.getLogger(Node.class);
  private static final long MAINTENANCE_MILLIS = Duration.ofHours(1).toMillis();
  private static final long REJOIN_MILLIS = 1_000;
  private static final long CLOSE_SECONDS = 10;

  /** One whose connection has died in silence leaves time for another over a new one. */
  private static final int BEATS_IN_LEASE = 3;

  private final Vertx vertx;
  private final Future<ApiDocument> document;
  private final Settings settings;
  private final Clock clock;
  private final BoundedClock idClock;
  private final Place place;
  private final Sealer sealer;
  private final Database database;
  private final NodeTable nodes;
  private final Partitions partitions;
  private final Registry registry;
  private final RegistryFeed feed;
  private final Health health;
  private final Server.Definitions definitions;
  private final Watch watch;

  /**
   * It comes up and loses its lease on the same loop, so that neither meets the other half done.
   */
  private final Context own;

  private Optional<String> firstOperatorKey = Optional.empty();
  private Optional<Membership> membership = Optional.empty();
  private volatile boolean entering;
  private boolean stopping;

  Node(Engine engine, Settings settings, Server.Definitions definitions, Place place, Clock clock) {
    this.vertx = engine.vertx();
    this.document = engine.document();
    this.own = engine.context();
    this.settings = settings;
    this.definitions = definitions;
    this.place = place;
    this.clock = clock;
    this.watch = engine.watch();
    this.sealer = Bootstrap.sealer(settings, place.folder());
    this.database = new Database(vertx, place.url(), settings.database());
    this.nodes = new NodeTable(database);
    this.idClock = new BoundedClock(clock, database);
    this.partitions = new Partitions(database, settings.retention(), idClock);
    this.registry = new Registry(definitions.catalogs());
    this.feed =
        new RegistryFeed(
            new RegistryStore(database, sealer),
            new RegistryChannel(database),
            registry,
            settings.registry().pollInterval());
    watch.telemetry().watch(registry, feed);
    this.health = new Health(() -> database.pool().query("SELECT 1").execute());
  }

  /** Where its data is. */
  record Place(DataFolder folder, DatabaseUrl url) {}

  /** The operator key, if this start has created it. */
  Optional<String> firstOperatorKey() {
    return firstOperatorKey;
  }

  /** Comes up; the future has the port that it listens on. */
  Future<Integer> start() {
    Promise<Integer> port = Promise.promise();
    own.runOnContext(v -> comeUp().onComplete(port));
    return port.future();
  }

  private Future<Integer> comeUp() {
    return watch
        .open(vertx, health)
        .compose(open -> vertx.deployVerticle(new ClockWatch(idClock)))
        .compose(looked -> partitions.makeAhead())
        .compose(done -> isAlone() ? Takeover.ofAll(nodes) : Future.succeededFuture())
        .compose(done -> document)
        .compose(done -> nodes.join())
        .compose(
            joined ->
                bootstrap(joined)
                    .compose(done -> vertx.deployVerticle(feed))
                    .compose(done -> enter(joined)))
        .compose(port -> vertx.deployVerticle(backlog()).map(port))
        .onSuccess(port -> maintainLater());
  }

  private Deployable backlog() {
    return watch
        .telemetry()
        .backlog(
            new Backlog(database),
            () ->
                membership
                    .map(Membership::oldestUnsettled)
                    .orElseGet(() -> Future.succeededFuture(OptionalLong.empty())));
  }

  /** Nobody else can use a database that lives in our own data folder, which is locked. */
  private boolean isAlone() {
    return settings.database().url().isEmpty();
  }

  private Future<Void> bootstrap(NodeTable.Membership joined) {
    IdGenerator ids = new IdGenerator(idClock, joined.fence().node(), joined.floor());
    return new Bootstrap(new AccountStore(database), ids)
        .run(settings, place.folder())
        .map(
            result -> {
              firstOperatorKey = result.newKey();
              return null;
            });
  }

  private Future<Integer> enter(NodeTable.Membership joined) {
    LOG.atInfo()
        .addKeyValue("node", joined.fence().node())
        .addKeyValue("epoch", joined.fence().epoch())
        .log("Joined");
    Membership next = new Membership(vertx, settings, joined, new Wiring(this));
    membership = Optional.of(next);
    entering = true;
    NodeLease lease =
        new NodeLease(
            nodes,
            database.hold(settings.cluster().lease().dividedBy(BEATS_IN_LEASE)),
            joined.fence(),
            settings.cluster(),
            next::settledBelow,
            next::alive,
            () -> own.runOnContext(v -> lost()));
    lease.watchedBy(watch.telemetry().lease());
    next.leaseHolds(lease::isHeld);
    // The lease first: a start may take longer than others wait for a sign of life.
    return vertx
        .deployVerticle(lease)
        .onSuccess(next::lease)
        .compose(id -> next.start())
        .compose(port -> report(joined, next).map(id -> entered(next, port)))
        .recover(e -> next.abandon().transform(v -> Future.failedFuture(e)))
        .onFailure(e -> entering = false);
  }

  /** In one turn of the loop: a loss is seen either here or by {@link #lost}. */
  private int entered(Membership next, int port) {
    next.checkOurs();
    entering = false;
    health.open(true);
    return port;
  }

  /** After the start: the mark of a node is that of all its ways in. */
  private Future<String> report(NodeTable.Membership joined, Membership next) {
    HorizonReport report =
        new HorizonReport(
            new CommitHorizon(database),
            joined.fence(),
            settings.cluster().feedInterval(),
            next::committedBelow);
    return vertx.deployVerticle(report).onSuccess(next::lease);
  }

  /** Drops everything: whoever took over has it all. A start that is under way fails by itself. */
  private void lost() {
    health.open(false);
    membership.ifPresent(Membership::taken);
    if (!entering) {
      membership
          .map(Membership::abandon)
          .orElseGet(Future::succeededFuture)
          .onComplete(dropped -> own.runOnContext(v -> rejoin()));
    }
  }

  private void rejoin() {
    if (stopping) {
      return;
    }
    nodes
        .join()
        .compose(this::enter)
        .onFailure(
            e -> {
              LOG.atWarn().addKeyValue("cause", e.getMessage()).log("Cannot join; trying again");
              vertx.setTimer(REJOIN_MILLIS, timer -> rejoin());
            });
  }

  private void maintainLater() {
    vertx.setTimer(
        MAINTENANCE_MILLIS,
        timer ->
            partitions
                .maintain()
                .onFailure(
                    e ->
                        LOG.atWarn()
                            .addKeyValue("cause", e.getMessage())
                            .log("Partitions could not be looked after; trying again in an hour"))
                .onComplete(done -> maintainLater()));
  }

  /**
   * Says that it is not ready, and once that could be noticed stops taking events, lets what is
   * under way end, writes the rest down, gives the lease back.
   */
  Future<Void> stop() {
    stopping = true;
    health.open(false);
    return noticed()
        .compose(
            then ->
                membership.map(current -> current.leave(nodes)).orElseGet(Future::succeededFuture))
        .otherwiseEmpty()
        .eventually(
            () -> database.close().timeout(CLOSE_SECONDS, TimeUnit.SECONDS).otherwiseEmpty());
  }

  /** A load balancer that still sends here must find somebody who answers. */
  private Future<?> noticed() {
    long grace = settings.http().readyGrace().toMillis();
    return grace == 0 || membership.isEmpty() ? Future.succeededFuture() : vertx.timer(grace);
  }

  /** What the members of one epoch are wired from. */
  record Wiring(Node node) {
    Database database() {
      return node.database;
    }

    Registry registry() {
      return node.registry;
    }

    RegistryFeed feed() {
      return node.feed;
    }

    Health health() {
      return node.health;
    }

    Watch watch() {
      return node.watch;
    }

    ApiDocument apiDocument() {
      return node.document.result();
    }

    Clock clock() {
      return node.clock;
    }

    /** For ids, by which others go. */
    Clock idClock() {
      return node.idClock;
    }

    Sealer sealer() {
      return node.sealer;
    }

    Server.Definitions definitions() {
      return node.definitions;
    }
  }
}
