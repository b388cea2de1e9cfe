package dev.posthaste.dispatch;

import dev.posthaste.contract.ContractReader;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Endpoint.RateLimit;
import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.OrderKey;
import dev.posthaste.event.OrderedTarget;
import dev.posthaste.event.Ordering;
import dev.posthaste.registry.Registry;
import dev.posthaste.send.Cidr;
import dev.posthaste.send.ClientFactory;
import dev.posthaste.send.SendSettings;
import dev.posthaste.send.Sender;
import dev.posthaste.settings.BreakerSettings;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.DeliverySettings;
import dev.posthaste.settings.DirectSettings;
import dev.posthaste.settings.SettingsReader;
import dev.posthaste.store.DeferredStore;
import dev.posthaste.store.Fence;
import dev.posthaste.store.NodeTable;
import dev.posthaste.store.OrderedStore;
import dev.posthaste.store.OutcomeLog;
import dev.posthaste.store.PostgresEventLog;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * The way out: two dispatchers and a claimer between a real PostgreSQL and a real receiver.
 * Contracts are {@code standard}, {@code quick} (retries after 200 ms through the table), {@code
 * memory} (one retry after 50 ms in memory), {@code patient} (the same after 5 s), {@code lasting}
 * ({@code quick} with an attempt of at most 4 s) and {@code strict} (no answer is final).
 */
final class DispatchRig implements AutoCloseable {
  private static final int LOOPS = 2;
  private static final long TENANT = 1;
  final TestDatabase db;
  final RecordingReceiver receiver = new RecordingReceiver();
  final Registry registry = new Registry(Map.of());
  final AtomicInteger settled = new AtomicInteger();
  final AtomicBoolean nodeHolds = new AtomicBoolean(true);
  final AtomicInteger parked = new AtomicInteger();
  final AtomicInteger attempted = new AtomicInteger();
  final List<Long> gone = new CopyOnWriteArrayList<>();

  /** How long each attempt had to wait for its turn. */
  final Queue<Long> waitedMillis = new ConcurrentLinkedQueue<>();

  /** How many deliveries each look of the claimer has brought. */
  final Queue<Integer> looks = new ConcurrentLinkedQueue<>();

  private final IdGenerator ids;
  private final AtomicInteger endpoints = new AtomicInteger(100);
  private final LaneRooms rooms = new LaneRooms();
  private final DispatchRouter router = new DispatchRouter(LOOPS);
  private final List<DispatchVerticle> verticles = new ArrayList<>();
  private final List<String> dispatchers = new ArrayList<>();
  private final List<String> claimers = new ArrayList<>();
  private final DeferredClaimer claims;
  private final OrderedClaimer orders;
  private final PostgresEventLog log;
  private final Loop loop;

  /** Nobody knows what has changed since. */
  volatile boolean registryIsStale;

  /** As if another node had taken this one over. */
  volatile boolean takenOver;

  DispatchRig(DatabaseUrl url, Tuning tuning) {
    this(url, url, tuning);
  }

  DispatchRig(DatabaseUrl url, DatabaseUrl way, Tuning tuning) {
    db = new TestDatabase(url, way);
    loop = db.loop();
    registry.put(Samples.tenant(TENANT, "default"));
    Fence fence = Await.value(new NodeTable(db.database()).join()).fence();
    ids = new IdGenerator(Clock.systemUTC(), fence.node(), 0);
    log = new PostgresEventLog(db.database(), fence, Duration.ofHours(1));
    claims = claimer(tuning, fence.node());
    claims.watchedBy((rows, nanos) -> looks.add(rows));
    orders = orderedClaimer(tuning, fence.node());
    DispatchVerticle.Shared shared = shared(tuning);
    for (int i = 0; i < LOOPS; i++) {
      DispatchVerticle verticle = new DispatchVerticle(i, shared);
      verticles.add(verticle);
      dispatchers.add(Await.value(db.vertx().deployVerticle(verticle)));
    }
    if (tuning.claims()) {
      claim();
    }
  }

  /** Lets the claimers begin, if they have not from the start. */
  void claim() {
    claimers.add(Await.value(db.vertx().deployVerticle(claims)));
    claimers.add(Await.value(db.vertx().deployVerticle(orders)));
  }

  private DeferredClaimer claimer(Tuning tuning, int node) {
    return new DeferredClaimer(
        new ClaimPlan(
            tuning.deferred(),
            tuning.laneQueue(),
            rooms,
            new ClaimedBytes(tuning.fairness(), tuning.lease())),
        own -> new DeferredStore(db.database(), node),
        registry,
        () -> registryIsStale ? Future.failedFuture("stale") : Future.succeededFuture(),
        router);
  }

  private OrderedClaimer orderedClaimer(Tuning tuning, int node) {
    return new OrderedClaimer(
        tuning.deferred(),
        own -> new OrderedStore(db.database(), node),
        new OrderedClaimer.Knowledge(
            registry, Future::succeededFuture, endpoint -> true, nodeHolds::get),
        router);
  }

  private DispatchVerticle.Shared shared(Tuning tuning) {
    ClientFactory clients =
        new ClientFactory(
            db.vertx(), SendSettings.DEFAULT.allowing(List.of(Cidr.parse("127.0.0.0/8"))));
    return new DispatchVerticle.Shared(
        new DeliverySettings(
            tuning.inFlight(),
            tuning.perEndpoint(),
            tuning.laneQueue(),
            tuning.maxHold(),
            tuning.laneIdle(),
            Duration.ofMillis(5),
            10_000,
            64,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            65_536,
            16_384,
            tuning.grace()),
        tuning.fairness(),
        new BreakerSettings(10, Duration.ofMillis(100), Duration.ofMillis(400)),
        direct(tuning),
        tuning.deferred().claimInterval(),
        true,
        LOOPS,
        registry,
        ContractReader.read(Optional.of(contracts())),
        own -> Sender.open(own, clients),
        own -> new OutcomeLog(db.database()),
        router,
        claims::released,
        gone::add,
        loop -> counter(),
        () -> 1,
        () -> takenOver,
        AttemptTraces.SENT_ON,
        rooms,
        Clock.systemUTC());
  }

  private static DirectSettings direct(Tuning tuning) {
    DirectSettings defaults = SettingsReader.defaults().direct();
    return new DirectSettings(
        defaults.maxInFlightPerUrl(),
        defaults.perSecondPerUrl(),
        tuning.laneIdle(),
        defaults.maxIdleLanes());
  }

  private DispatchObserver counter() {
    return new DispatchObserver() {
      @Override
      public void started(Delivery delivery, long waited) {
        waitedMillis.add(waited);
      }

      @Override
      public void parked(Delivery delivery, Deferral.Reason reason) {
        parked.incrementAndGet();
      }

      @Override
      public void attempted(Endpoint endpoint, Delivery delivery, Attempt attempt) {
        attempted.incrementAndGet();
      }
    };
  }

  private static Path contracts() {
    try (var in = ContractReader.class.getResourceAsStream("/conf/contracts/standard.yaml")) {
      String standard = new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
      String brief =
          standard
              .replaceFirst("schedule: \\[.*]", "schedule: [200ms, 200ms]")
              .replaceFirst("jitterPercent: 20", "jitterPercent: 0");
      Path folder = Files.createTempDirectory("contracts");
      Files.writeString(folder.resolve("quick.yaml"), brief);
      Files.writeString(
          folder.resolve("memory.yaml"), brief.replaceFirst("inline: \\[]", "inline: [50ms]"));
      Files.writeString(
          folder.resolve("patient.yaml"), brief.replaceFirst("inline: \\[]", "inline: [5s]"));
      Files.writeString(
          folder.resolve("lasting.yaml"), brief.replaceFirst("timeout: 15s", "timeout: 4s"));
      Files.writeString(
          folder.resolve("strict.yaml"),
          brief.replaceFirst("unanswered: retry", "unanswered: fail"));
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A new active endpoint of the receiver. */
  long endpoint(String path, String contract) {
    return endpoint(receiver.url(path), contract, Endpoint.Status.ACTIVE);
  }

  long endpoint(String url, String contract, Endpoint.Status status) {
    // Ids that go round over both loops.
    long id = (long) endpoints.incrementAndGet() << 22;
    registry.put(List.of(Samples.endpoint(id, TENANT, url, status, contract)));
    return id;
  }

  /** The same endpoint, which is not necessarily one of this rig's receiver, wants an order. */
  void order(long id, String url, String contract, Ordering ordering) {
    registry.put(List.of(Samples.ordered(id, TENANT, url, contract, ordering)));
  }

  /** Events for an endpoint, not yet stored. */
  List<Event> make(int events, long endpoint) {
    return IntStream.range(0, events).mapToObj(i -> Samples.event(ids.next(), endpoint)).toList();
  }

  /** Stores an event for each of the keys and says so, as the way in does. */
  List<Event> sendOrdered(long endpoint, List<String> keys) {
    return sendOrdered(make(keys.size(), endpoint), keys);
  }

  List<Event> sendOrdered(List<Event> made, List<String> keys) {
    List<OrderedTarget> ordered = new ArrayList<>();
    for (int i = 0; i < made.size(); i++) {
      long endpoint = made.get(i).targets().getFirst();
      ordered.add(new OrderedTarget(made.get(i).id(), new OrderKey(endpoint, keys.get(i))));
    }
    loop.run(() -> log.append(made, ordered));
    orders.nudge(ordered.stream().map(OrderedTarget::key).distinct().toList());
    return made;
  }

  /** The endpoint as the database knows it, which is where the claimer looks. */
  void store(long endpoint, Endpoint.Status status) {
    db.execute(
        "INSERT INTO account (id, name) VALUES (1, 'a') ON CONFLICT DO NOTHING",
        "INSERT INTO tenant (id, account_id, uid, name, contract) VALUES (1, 1, 'default', 'd',"
            + " 'standard') ON CONFLICT DO NOTHING",
        ("INSERT INTO endpoint (id, tenant_id, url, event_type_filters, status)"
                + " VALUES (%d, 1, '', '{*}', %d)"
                + " ON CONFLICT (id) DO UPDATE SET status = EXCLUDED.status")
            .formatted(endpoint, status.number()));
  }

  /** The endpoint with another status, as this node knows it. */
  void turn(long endpoint, Endpoint.Status status) {
    Endpoint it = registry.endpoint(endpoint).orElseThrow();
    registry.put(List.of(copy(it, status, it.rateLimit(), it.maxConcurrency(), it.retryDelays())));
  }

  /** As if an endpoint had been enabled then, under a contract that drops what waits. */
  void drop(long endpoint, Instant before) {
    registry.put(List.of(Samples.dropping(registry.endpoint(endpoint).orElseThrow(), before)));
  }

  /** Makes a stored endpoint active. */
  void enable(long endpoint, String path, String contract) {
    registry.put(
        List.of(
            Samples.endpoint(
                endpoint, TENANT, receiver.url(path), Endpoint.Status.ACTIVE, contract)));
    db.execute("UPDATE endpoint SET status = 1 WHERE id = " + endpoint);
  }

  /** Gives an endpoint a pace or a schedule of its own. */
  void change(long endpoint, Optional<RateLimit> pace, Optional<List<Duration>> delays) {
    Endpoint it = registry.endpoint(endpoint).orElseThrow();
    registry.put(List.of(copy(it, it.status(), pace, it.maxConcurrency(), delays)));
  }

  /** Lets an endpoint say how many it wants at once. */
  void limit(long endpoint, int maxConcurrency) {
    Endpoint it = registry.endpoint(endpoint).orElseThrow();
    registry.put(
        List.of(
            copy(it, it.status(), it.rateLimit(), Optional.of(maxConcurrency), it.retryDelays())));
  }

  private static Endpoint copy(
      Endpoint it,
      Endpoint.Status status,
      Optional<RateLimit> pace,
      Optional<Integer> maxConcurrency,
      Optional<List<Duration>> delays) {
    return new Endpoint(
        it.id(),
        it.tenantId(),
        it.uid(),
        it.url(),
        it.description(),
        it.eventTypeFilters(),
        it.resourceScopes(),
        it.keyScopes(),
        status,
        it.disabledReason(),
        it.contract(),
        it.headers(),
        pace,
        maxConcurrency,
        it.ordering(),
        delays,
        it.traceContext(),
        it.secrets(),
        it.consecutiveFailures(),
        it.lastFailureAt(),
        it.missedEvents(),
        it.droppedBefore(),
        it.createdAt(),
        it.updatedAt(),
        it.metadata());
  }

  /** Stores events whose deliveries wait for a retry that is due. */
  List<Event> deferRetries(int events, long endpoint) {
    return defer(events, endpoint, Trigger.RETRY);
  }

  /** Stores events whose deliveries are asked for again, due now. */
  void deferReplays(int events, long endpoint) {
    defer(events, endpoint, Trigger.REPLAY);
  }

  private List<Event> defer(int events, long endpoint, Trigger trigger) {
    List<Event> made = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      made.add(Samples.event(ids.next(), endpoint));
    }
    loop.run(() -> log.append(made, List.of()));
    for (Event event : made) {
      db.execute(
          "INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger) VALUES (%d, %d, 1, now(), %d)"
              .formatted(event.id(), endpoint, trigger.number()));
    }
    return made;
  }

  /** Stores events that nobody hands over, and lets them be found again as after a crash. */
  void recover(List<Event> made) {
    loop.run(() -> log.append(made));
    loop.run(() -> log.recover(made.stream().map(Event::id).toList()));
  }

  /** Stores an event and hands it over for delivery, as the way in does. */
  Event send(Long... targets) {
    return send(1, targets).getFirst();
  }

  List<Event> send(int events, Long... targets) {
    List<Event> made = new ArrayList<>();
    for (int i = 0; i < events; i++) {
      made.add(Samples.event(ids.next(), targets));
    }
    return send(made);
  }

  Event newEvent(Long... targets) {
    return Samples.event(ids.next(), targets);
  }

  List<Event> send(List<Event> made) {
    store(made);
    handOver(made);
    return made;
  }

  void store(List<Event> made) {
    loop.run(() -> log.append(made));
  }

  /** What is stored is on its way. */
  void handOver(List<Event> made) {
    List<Delivery> deliveries = new ArrayList<>();
    for (Event event : made) {
      for (long target : event.targets()) {
        deliveries.add(
            new Delivery(
                event,
                target,
                0,
                Trigger.LIVE,
                false,
                Optional.empty(),
                Optional.of(Instant.EPOCH),
                settled::incrementAndGet));
      }
    }
    router.accept(deliveries);
  }

  /** The attempts of an endpoint, as number:outcome:status in order of event and number. */
  List<String> attempts(long endpoint) {
    return db.column(
        "SELECT attempt_no || ':' || outcome || ':' || coalesce(http_status, 0) FROM attempt WHERE"
            + " endpoint_id = "
            + endpoint
            + " ORDER BY event_id, attempt_no");
  }

  /** Bytes of payload in memory, of all loops. */
  long heldBytes() {
    return verticles.stream().mapToLong(one -> Await.value(one.look(Dispatcher::heldBytes))).sum();
  }

  /** Whether no loop keeps anything of any endpoint. */
  boolean isEmpty() {
    return verticles.stream().allMatch(one -> Await.value(one.look(Dispatcher::isEmpty)));
  }

  int count(String from) {
    return Integer.parseInt(db.column("SELECT count(*) FROM " + from).getFirst());
  }

  /** Targets without a final attempt and without a deferred row: they would be lost. */
  int lost() {
    return count(
        "event e CROSS JOIN LATERAL unnest(e.targets) t(id) WHERE NOT EXISTS (SELECT 1 FROM attempt"
            + " a WHERE a.event_id = e.id AND a.endpoint_id = t.id AND a.outcome <> 2) AND NOT"
            + " EXISTS (SELECT 1 FROM deferred d WHERE d.event_id = e.id AND d.endpoint_id ="
            + " t.id)");
  }

  /** The orderly end: the claimer first, then the dispatchers. */
  void stop() {
    claimers.forEach(id -> Await.value(db.vertx().undeploy(id).otherwiseEmpty()));
    List<Future<Void>> ends = dispatchers.stream().map(id -> db.vertx().undeploy(id)).toList();
    dispatchers.clear();
    ends.forEach(Await::value);
  }

  @Override
  public void close() {
    receiver.close();
    if (!dispatchers.isEmpty()) {
      stop();
    }
    Await.value(log.close());
    db.close();
  }
}
