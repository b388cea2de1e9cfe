package dev.posthaste;

import dev.posthaste.contract.CatalogReader;
import dev.posthaste.contract.ContractReader;
import dev.posthaste.contract.Contracts;
import dev.posthaste.contract.InvalidDefinitionException;
import dev.posthaste.dispatch.OrderedClaimer;
import dev.posthaste.event.EventType;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.Settings;
import dev.posthaste.store.DataFolder;
import dev.posthaste.store.Database;
import dev.posthaste.store.EmbeddedPostgres;
import dev.posthaste.store.Migrations;
import dev.posthaste.store.StartException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole process: data folder, database and beside it the engine, node, in this order; stopped
 * in the opposite one. Start and stop are called on ordinary threads and block.
 */
final class Server {
  private static final Logger LOG = LoggerFactory.getLogger(Server.class);

  /** A recovery after a crash under load may have much to look through. */
  private static final long PATIENCE_SECONDS = 600;

  private static final long STOP_SECONDS = 120;
  private static final String STOPPED_EARLY = "stopped before it was up";

  private final Settings settings;
  private Optional<DataFolder> folder = Optional.empty();
  private Optional<EmbeddedPostgres> postgres = Optional.empty();
  private Optional<Engine> engine = Optional.empty();
  private Optional<Node> node = Optional.empty();
  private boolean up;
  private boolean stopped;

  /** Guards the two below: a stop does not wait for the monitor that a start holds. */
  private final Object migration = new Object();

  /** The thread that brings the tables up to date, which may wait for long; null if none does. */
  private Thread migrating;

  private boolean stopping;

  Server(Settings settings) {
    this.settings = settings;
  }

  /**
   * Comes up.
   *
   * @throws StartException with words for the operator
   */
  synchronized void start() {
    if (stopped) {
      throw new StartException(STOPPED_EARLY);
    }
    long began = System.nanoTime();
    LOG.info("Starting with\n{}", settings.describe());
    sayWhatIsOpen();
    Definitions definitions = definitions();
    sayWhatIsShort(definitions.contracts());
    DataFolder data = DataFolder.open(settings.data().dir());
    folder = Optional.of(data);
    CompletableFuture<Engine> starting =
        CompletableFuture.supplyAsync(() -> Engine.start(settings));
    DatabaseUrl url;
    try {
      url = database(data);
    } finally {
      engine = starting.handle((started, e) -> Optional.ofNullable(started)).join();
    }
    Engine started = resultOf(starting);
    Node running =
        new Node(started, settings, definitions, new Node.Place(data, url), Clock.systemUTC());
    node = Optional.of(running);
    int port = running.start().timeout(PATIENCE_SECONDS, TimeUnit.SECONDS).await();
    LOG.atInfo()
        .addKeyValue("port", port)
        .addKeyValue("nativeTransport", started.vertx().isNativeTransportEnabled())
        .addKeyValue("startedInMs", (System.nanoTime() - began) / 1_000_000)
        .log("Posthaste is up");
    Welcome.print(running.firstOperatorKey(), settings, port);
    up = true;
  }

  /** Whether it has come up, however it stands now. */
  synchronized boolean hasBeenUp() {
    return up;
  }

  /**
   * Goes down in order; waits for what is under way, unless that only waits for somebody else.
   * Harmless when called twice or too early.
   */
  void stop() {
    synchronized (migration) {
      stopping = true;
      if (migrating != null) {
        migrating.interrupt();
      }
    }
    stopAll();
  }

  private synchronized void stopAll() {
    if (stopped) {
      return;
    }
    stopped = true;
    LOG.info("Stopping: what is under way may end");
    node.ifPresent(
        running -> quietly(() -> running.stop().timeout(stopSeconds(), TimeUnit.SECONDS).await()));
    engine.ifPresent(running -> quietly(running::stopLoops));
    engine.ifPresent(running -> quietly(running.watch()::close));
    postgres.ifPresent(running -> quietly(running::stop));
    folder.ifPresent(held -> quietly(held::close));
    LOG.info("Stopped");
  }

  private long stopSeconds() {
    return STOP_SECONDS + settings.http().readyGrace().toSeconds();
  }

  /** Settings for development must not go unnoticed into production. */
  private void sayWhatIsOpen() {
    if (settings.targets().http() || !settings.targets().allow().isEmpty()) {
      LOG.atWarn()
          .addKeyValue("http", settings.targets().http())
          .addKeyValue("allow", settings.targets().allow())
          .log(
              "Deliveries may go to plain http or to addresses that are not public; for"
                  + " development");
    }
  }

  /** A row whose lease ends while its attempt is under way is attempted by another node too. */
  private void sayWhatIsShort(Contracts contracts) {
    Duration held = settings.deferred().claimHorizon().plus(settings.delivery().maxHold());
    for (String name : contracts.names()) {
      Duration timeout = contracts.named(name).orElseThrow().timeout();
      if (held.plus(timeout).compareTo(settings.deferred().lease()) >= 0) {
        LOG.atWarn()
            .addKeyValue("contract", name)
            .addKeyValue("timeout", timeout)
            .addKeyValue("deferred.lease", settings.deferred().lease())
            .log(
                "Retries of this contract may be sent twice: raise deferred.lease above"
                    + " deferred.claimHorizon, delivery.maxHold and the contract's timeout"
                    + " together");
      }
      sayWhereOrderIsLost(name, timeout);
    }
  }

  private void sayWhereOrderIsLost(String contract, Duration timeout) {
    if (!OrderedClaimer.keepsOrder(settings.deferred(), timeout)) {
      LOG.atWarn()
          .addKeyValue("contract", contract)
          .addKeyValue("timeout", timeout)
          .addKeyValue("deferred.lease", settings.deferred().lease())
          .log(
              "Endpoints of this contract that want an order may lose it when a receiver stalls:"
                  + " raise deferred.lease well above the contract's timeout");
    }
  }

  private DatabaseUrl database(DataFolder data) {
    DatabaseUrl url = settings.database().url().orElseGet(() -> startPostgres(data));
    try {
      migrates(Thread.currentThread());
      Migrations.run(Database.jdbcUrl(url), url.user(), url.password().reveal());
    } finally {
      migrates(null);
    }
    return url;
  }

  /**
   * Who does so now, or nobody.
   *
   * @throws StartException if it is to stop
   */
  private void migrates(Thread thread) {
    synchronized (migration) {
      migrating = thread;
      if (stopping) {
        // It was meant for the migration, and must not end what comes after it.
        Thread.interrupted();
        throw new StartException(STOPPED_EARLY);
      }
    }
  }

  private DatabaseUrl startPostgres(DataFolder data) {
    EmbeddedPostgres embedded = new EmbeddedPostgres(data);
    postgres = Optional.of(embedded);
    return embedded.start();
  }

  private static <T> T resultOf(CompletableFuture<T> work) {
    try {
      return work.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private Definitions definitions() {
    try {
      Map<String, Map<String, EventType>> catalogs = new HashMap<>();
      CatalogReader.read(settings.catalogs().dir())
          .byName()
          .forEach((name, catalog) -> catalogs.put(name, catalog.byName()));
      return new Definitions(ContractReader.read(settings.contracts().dir()), catalogs);
    } catch (InvalidDefinitionException e) {
      throw new StartException(e.getMessage(), e);
    }
  }

  private static void quietly(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException e) {
      LOG.atWarn().addKeyValue("cause", e.getMessage()).log("A part did not stop in order");
    }
  }

  /** What ships in conf/ or stands in the operator's own folders. */
  record Definitions(Contracts contracts, Map<String, Map<String, EventType>> catalogs) {}
}
