package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.OrderKey;
import dev.posthaste.event.Ordering;
import dev.posthaste.event.Ordering.OnFailure;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.DeferredSettings;
import dev.posthaste.store.OrderedStore;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Samples;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What it asks the table for, with a real one; what it claims goes nowhere. */
@ExtendWith(PostgresExtension.class)
class OrderedClaimerTest {
  private static final int LARGE = 256 * 1_024;
  private static final int MANY = 60_000;
  private static final long BUSY = 1L << 22;
  private static final long OTHER = 9L << 22;
  private static final Duration NEVER = Duration.ofHours(1);

  private static final String CLAIMS_THAT_WAIT =
      "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
          + " AND application_name = 'posthaste' AND datname = current_database()";

  private final Registry registry = new Registry(Map.of());
  private final DispatchRouter router = new DispatchRouter(1);
  private final Queue<Delivery> claimed = new ConcurrentLinkedQueue<>();
  private final Queue<Integer> looks = new ConcurrentLinkedQueue<>();
  private final Set<Long> settled = new HashSet<>();
  private long lastId = IdGenerator.lowestAt(System.currentTimeMillis());
  private TestDatabase db;

  @BeforeEach
  void open(@PerTest DatabaseUrl url) {
    db = new TestDatabase(url);
    router.open(0, db.vertx().getOrCreateContext(), claimed::addAll);
    endpoint(OTHER, 2);
  }

  @AfterEach
  void close() {
    db.close();
  }

  @Test
  void keysThatNoLaneTakesAreNotLookedForAgainAndAgain() {
    endpoint(BUSY, 1);
    place(BUSY, 1, 200, 1);
    OrderedClaimer claimer = start(NEVER, id -> id != BUSY);
    await().until(() -> !looks.isEmpty());
    for (int key = 1; key <= 20; key++) {
      placeOther(claimer, "" + key);
      int expected = key;
      await().until(() -> claimed.size() == expected);
    }
    assertThat(looks).containsExactly(0);
  }

  @Test
  void keysOfALaneThatTakesNothingDoNotCrowdOutOthers() {
    endpoint(BUSY, 1);
    OrderedClaimer claimer = start(NEVER, id -> id != BUSY);
    await().until(() -> !looks.isEmpty());
    claimer.nudge(keys(BUSY, MANY));
    placeOther(claimer, "a");
    await().until(() -> claimed.size() == 1);
  }

  @Test
  void keysOfAnEndpointThatHoldsAllItMayDoNotCrowdOutOthers() {
    endpoint(BUSY, 1);
    OrderedClaimer claimer = start(NEVER, id -> true);
    await().until(() -> !looks.isEmpty());
    place(BUSY, 1, 100, 1);
    claimer.nudge(keys(BUSY, 100));
    await().until(() -> claimed.size() == 100);
    claimer.nudge(keys(BUSY, MANY));
    placeOther(claimer, "a");
    await().until(() -> claimed.size() == 101);
  }

  @Test
  void keysThatNoLaneTookAreFoundOnceItTakesAgain() {
    endpoint(BUSY, 1);
    place(BUSY, 1, 300, 1);
    AtomicBoolean takes = new AtomicBoolean();
    OrderedClaimer claimer = start(Duration.ofMillis(50), id -> takes.get());
    claimer.nudge(keys(BUSY, 300));
    await().until(() -> looks.size() >= 3);
    assertThat(claimed).isEmpty();
    takes.set(true);
    await()
        .until(
            () -> {
              claimed.forEach(this::settleOnce);
              return claimed.size() == 300;
            });
  }

  @Test
  void keysThatAreNotDueDoNotHideOneBehindThemThatIs() {
    placeOfEach(30, 200);
    db.execute("UPDATE deferred SET due_at = now() + interval '1 h'");
    place(OTHER, 2, 1, 1);
    start(NEVER, id -> true);
    await().until(() -> claimed.size() == 1);
  }

  @Test
  void keysBeforeTheOneWhereALookWentOnAreFoundAgain() {
    endpoint(BUSY, 1);
    place(BUSY, 1, 2, 1);
    start(Duration.ofSeconds(1), 2, id -> true);
    await().until(() -> claimed.size() == 2);
    db.execute("DELETE FROM deferred");
    claimed.forEach(this::settleOnce);
    await().until(() -> looks.size() >= 3);
    insert("" + BUSY, 1, "'1'", 1, 1);
    await().until(() -> claimed.size() == 3);
  }

  @Test
  void endpointsWhoseLanesTakeNothingArePassedByOnceTheyHaveBeenSeen() {
    int looksOfARound = 20;
    placeOfEach(200, 200);
    start(Duration.ofMillis(500), id -> id == OTHER);
    await().until(() -> looks.size() > looksOfARound);
    for (int key = 1; key <= 5; key++) {
      looks.clear();
      insert("" + OTHER, 2, "'" + key + "'", 1, 1);
      await().until(() -> looks.contains(1));
      // Some may have begun before there was anything to find.
      assertThat(looks.stream().takeWhile(found -> found == 0)).hasSizeLessThan(looksOfARound / 2);
    }
  }

  /** The table lets itself be read, not written to. */
  @Test
  void aClaimThatFailsWhenALookHasComeDueIsFollowedByTheLook() throws SQLException {
    endpoint(BUSY, 1);
    place(BUSY, 1, 1, 1);
    try (Connection other = Sql.connect(db.url());
        Statement lock = other.createStatement()) {
      other.setAutoCommit(false);
      lock.execute("LOCK TABLE deferred IN SHARE MODE");
      start(Duration.ofMillis(50), id -> true);
      await().until(() -> db.column(CLAIMS_THAT_WAIT), waiting -> !waiting.isEmpty());
      // Longer than a look waits for the one before.
      Promise<Void> due = Promise.promise();
      db.vertx().setTimer(100, timer -> due.complete());
      Await.value(due.future());
      db.endSessions();
      other.rollback();
    }
    await().until(() -> claimed.size() == 1);
  }

  @Test
  void aTenantWhoseRunsFillItsShareOfMemoryLeavesTheRestToOthers() {
    for (int i = 0; i < 3; i++) {
      endpoint(BUSY + i, 1);
      place(BUSY + i, 1, 100, LARGE);
    }
    OrderedClaimer claimer = start(Duration.ofMillis(50), id -> true);
    await().until(() -> looks.contains(0));
    assertThat(claimed).hasSizeBetween(1, 64);
    placeOther(claimer, "a");
    await().until(() -> claimed.stream().anyMatch(one -> one.endpointId() == OTHER));
    await()
        .until(
            () -> {
              claimed.forEach(this::settleOnce);
              return claimed.size() == 301;
            });
  }

  private void settleOnce(Delivery delivery) {
    if (settled.add(delivery.event().id())) {
      delivery.settlement().settled();
    }
  }

  private OrderedClaimer start(Duration interval, LongPredicate takes) {
    return start(interval, 2_000, takes);
  }

  private OrderedClaimer start(Duration interval, int batch, LongPredicate takes) {
    OrderedClaimer claimer =
        new OrderedClaimer(
            new DeferredSettings(
                interval, Duration.ofSeconds(2), batch, 20, 1_000, Duration.ofMinutes(5), 20),
            own -> new OrderedStore(db.database(), 0),
            new OrderedClaimer.Knowledge(registry, Future::succeededFuture, takes, () -> true),
            router);
    claimer.watchedBy((keys, nanos) -> looks.add(keys));
    Await.value(db.vertx().deployVerticle(claimer));
    return claimer;
  }

  private void endpoint(long id, long tenant) {
    Ordering byKey = new Ordering(Optional.of("/k"), OnFailure.BLOCK);
    registry.put(List.of(Samples.ordered(id, tenant, "https://a.example/", "standard", byKey)));
  }

  /** The first of those that {@link #place} makes, and more. */
  private static List<OrderKey> keys(long endpoint, int keys) {
    return IntStream.rangeClosed(1, keys).mapToObj(n -> new OrderKey(endpoint, "" + n)).toList();
  }

  private void placeOther(OrderedClaimer claimer, String key) {
    insert("" + OTHER, 2, "'" + key + "'", 1, 1);
    claimer.nudge(List.of(new OrderKey(OTHER, key)));
  }

  /** So many keys with one event of so many bytes each. */
  private void place(long endpoint, long tenant, int keys, int bytes) {
    insert("" + endpoint, tenant, "n::text", keys, bytes);
  }

  /** So many keys of each of the first endpoints, with one small event each. */
  private void placeOfEach(int endpoints, int keys) {
    IntStream.rangeClosed(1, endpoints).forEach(id -> endpoint(id, 1));
    insert("1 + (n - 1) / " + keys, 1, "n::text", endpoints * keys, 1);
  }

  private void insert(String endpoint, long tenant, String key, int rows, int bytes) {
    db.execute(
        ("INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets) SELECT %d + n, %d,"
                + " 't', 0, decode(repeat('31', %d), 'hex'), '{1}' FROM generate_series(1, %d) n")
            .formatted(lastId, tenant, bytes, rows),
        ("INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, order_key,"
                + " order_place) SELECT %d + n, %s, 0, now(), 1, %s, %d + n FROM generate_series(1, %d) n")
            .formatted(lastId, endpoint, key, lastId, rows));
    lastId += rows;
  }
}
