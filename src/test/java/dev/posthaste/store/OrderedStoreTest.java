package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Deferral.Reason;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.OrderKey;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.OrderedStore.Head;
import dev.posthaste.store.OrderedStore.Run;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrderedStoreTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final OrderedStore.Bounds WIDE = new OrderedStore.Bounds(100, 1_000);

  private final long firstId = IdGenerator.lowestAt(System.currentTimeMillis());
  private TestDatabase db;
  private Loop loop;
  private OrderedStore store;
  private OrderedStore other;
  private OutcomeLog outcomes;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    loop = db.loop();
    store = new OrderedStore(db.database(), 0);
    other = new OrderedStore(db.database(), 1);
    outcomes = new OutcomeLog(db.database());
  }

  @BeforeEach
  void clear() {
    db.clear();
    db.execute("DELETE FROM endpoint");
  }

  @AfterAll
  void close() {
    Await.value(store.close());
    Await.value(other.close());
    Await.value(outcomes.close());
    db.close();
  }

  @Test
  void aClaimTakesTheFirstRowsOfEachKeyByTheirPlace() {
    place(5, 1, "a", 50);
    place(3, 1, "a", 30);
    place(4, 1, "a", 40);
    place(9, 1, "b", 20);
    place(7, 2, "", 60);
    List<Run> runs = claim(2, key(1, "a"), key(2, ""), key(1, "none"));
    assertThat(runs).extracting(Run::key).containsExactly(key(1, "a"), key(2, ""));
    assertThat(numbers(runs.getFirst())).containsExactly(3L, 4L);
    assertThat(
            db.column("SELECT event_id - %d FROM deferred WHERE leased_by = 0".formatted(firstId)))
        .containsExactlyInAnyOrder("3", "4", "7");
  }

  @Test
  void aKeyOfWhichAnythingIsLeasedIsLeftAlone() {
    place(1, 1, "a", 1);
    place(2, 1, "a", 2);
    assertThat(claim(1, key(1, "a"))).hasSize(1);
    place(0, 1, "a", 0);
    assertThat(claim(5, key(1, "a"))).isEmpty();
    release(1);
    assertThat(numbers(claim(5, key(1, "a")).getFirst())).containsExactly(0L, 2L);
  }

  @Test
  void aKeyWaitsForItsHead() {
    place(1, 1, "a", 1);
    place(2, 1, "a", 2);
    db.execute("UPDATE deferred SET due_at = now() + interval '1 h' WHERE order_place = 1");
    assertThat(claim(5, key(1, "a"))).isEmpty();
    assertThat(look(List.of(), Set.of())).containsExactly(new Head(key(1, "a"), false));
  }

  /** A row that was placed earlier and committed later comes to stand before one that was tried. */
  @Test
  void aRunEndsBeforeARowThatHasToWait() {
    place(2, 1, "a", 2);
    place(3, 1, "a", 3);
    Run run = claim(1, key(1, "a")).getFirst();
    putOff(2, run.untilMicros(), Duration.ofHours(1));
    place(1, 1, "a", 1);
    assertThat(numbers(claim(5, key(1, "a")).getFirst())).containsExactly(1L);
    release(1);
    assertThat(claim(5, key(1, "a"))).isEmpty();
  }

  @Test
  void disabledEndpointsAreLeftAloneAndDeletedOnesAreNot() {
    place(1, 1, "", 1);
    place(2, 2, "", 2);
    db.execute("INSERT INTO account VALUES (7, 'x') ON CONFLICT DO NOTHING");
    db.execute(
        "INSERT INTO tenant (id, account_id, uid, name, contract) VALUES (7, 7, 't', 't', 't') ON"
            + " CONFLICT DO NOTHING");
    db.execute(
        "INSERT INTO endpoint (id, tenant_id, url, event_type_filters, status) VALUES (1, 7, '',"
            + " '{}', 2)",
        "INSERT INTO endpoint (id, tenant_id, url, event_type_filters, status, deleted_at) VALUES"
            + " (2, 7, '', '{}', 2, now())");
    assertThat(look(List.of(), Set.of())).extracting(Head::key).containsExactly(key(2, ""));
    assertThat(claim(5, key(1, ""), key(2, ""))).extracting(Run::key).containsExactly(key(2, ""));
  }

  @Test
  void aRunEndsWhereItsDataGetsLarge() {
    for (int i = 1; i <= 4; i++) {
      place(i, 1, "", i);
    }
    db.execute("UPDATE event SET data = convert_to(repeat('x', 1000), 'UTF8')");
    List<Run> runs =
        loop.run(
            () -> store.claim(new OrderedStore.Limits(MINUTE, 10, 1_500), List.of(key(1, ""))));
    assertThat(numbers(runs.getFirst())).containsExactly(1L, 2L);
  }

  @Test
  void aLookFindsTheHeadsOfKeysAndGoesOnWhereItIsTold() {
    place(1, 1, "", 1);
    place(2, 1, "b", 2);
    place(3, 1, "b", 3);
    place(4, 1, "c", 4);
    place(5, 2, "a", 5);
    place(6, 3, "a", 6);
    assertThat(look(List.of(), Set.of(3L)))
        .extracting(Head::key)
        .containsExactly(key(1, ""), key(1, "b"), key(1, "c"), key(2, "a"));
    assertThat(look(List.of(key(1, "c")), Set.of()))
        .extracting(Head::key)
        .containsExactly(key(1, "c"), key(2, "a"), key(3, "a"));
    List<Head> few =
        loop.run(
            () ->
                store.look(
                    new OrderedStore.Place(1, List.of()), Set.of(), new OrderedStore.Bounds(1, 1)));
    assertThat(few).extracting(Head::key).containsExactly(key(2, "a"));
  }

  /** A look that is cut is gone on with after its last one. */
  @Test
  void aLookFindsEndpointsInTheirOrderHoweverManyItLeavesOut() {
    for (int i = 1; i <= 40; i++) {
      place(i, i, "a", i);
    }
    Set<Long> others = LongStream.range(1_000, 2_000).boxed().collect(Collectors.toSet());
    List<Head> heads =
        loop.run(
            () ->
                store.look(
                    new OrderedStore.Place(0, List.of()),
                    others,
                    new OrderedStore.Bounds(200, 2_000)));
    assertThat(heads)
        .extracting(head -> head.key().endpointId())
        .containsExactlyElementsOf(LongStream.rangeClosed(1, 40).boxed().toList());
  }

  @Test
  void whatIsPutOffKeepsItsPlaceAndFreesItsKey() {
    place(1, 1, "a", 1);
    place(2, 1, "a", 2);
    Run run = claim(5, key(1, "a")).getFirst();
    putOff(1, run.untilMicros(), Duration.ofHours(1));
    assertThat(claim(5, key(1, "a"))).isEmpty();
    putOff(2, run.untilMicros(), Duration.ZERO);
    db.execute("UPDATE deferred SET due_at = now()");
    assertThat(numbers(claim(5, key(1, "a")).getFirst())).containsExactly(1L, 2L);
  }

  @Test
  void aLatecomerNeitherFreesWhatIsLeasedAnewNorBringsBackWhatIsOver() {
    place(1, 1, "a", 1);
    place(2, 1, "a", 2);
    Run old = claim(5, key(1, "a")).getFirst();
    db.execute("UPDATE deferred SET leased_by = NULL, leased_until = NULL");
    loop.run(() -> other.claim(new OrderedStore.Limits(MINUTE, 5, 1_000), List.of(key(1, "a"))));
    putOff(1, old.untilMicros(), Duration.ofHours(1));
    assertThat(db.column("SELECT leased_by FROM deferred")).containsExactly("1", "1");
    release(1);
    putOff(1, old.untilMicros(), Duration.ofHours(1));
    assertThat(db.column("SELECT order_place FROM deferred")).containsExactly("2");
  }

  /**
   * Rows take their places in one order and are committed in another, so that claims that run at
   * the same moment see different heads.
   */
  @Test
  void twoNodesNeverHoldOneKeyAtATime() throws Exception {
    AtomicInteger clashes = new AtomicInteger();
    AtomicInteger released = new AtomicInteger();
    AtomicBoolean over = new AtomicBoolean();
    List<Thread> threads = new ArrayList<>();
    for (OrderedStore one : List.of(store, other)) {
      threads.add(Thread.ofPlatform().start(() -> hammer(one, over, clashes, released)));
    }
    try (Connection early = Sql.connect(db.url());
        Connection late = Sql.connect(db.url())) {
      for (int i = 0; i < 300; i++) {
        insertCrosswise(early, late, 4 * i);
      }
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> db.column("SELECT count(*) FROM deferred").equals(List.of("0")));
    } finally {
      over.set(true);
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(clashes).hasValue(0);
    assertThat(released).hasValue(1_200);
  }

  /** Claims, looks whether anybody else holds something of the same key, and ends its own. */
  private void hammer(
      OrderedStore one, AtomicBoolean over, AtomicInteger clashes, AtomicInteger released) {
    Loop own = db.loop();
    OutcomeLog log = new OutcomeLog(db.database());
    OrderedStore.Limits limits = new OrderedStore.Limits(MINUTE, 2, 1_000_000);
    while (!over.get()) {
      for (Run run : own.run(() -> one.claim(limits, List.of(key(1, ""), key(2, "x"))))) {
        List<String> leased =
            db.column(
                "SELECT event_id FROM deferred WHERE leased_by IS NOT NULL AND endpoint_id = "
                    + run.key().endpointId());
        if (leased.size() != run.rows().size()) {
          clashes.incrementAndGet();
        }
        List<DeliveryId> ids =
            run.rows().stream()
                .map(row -> new DeliveryId(row.event().id(), run.key().endpointId()))
                .toList();
        own.run(() -> log.record(List.of(), ids, List.of()));
        released.addAndGet(ids.size());
      }
    }
    Await.value(log.close());
  }

  private void insertCrosswise(Connection early, Connection late, int number) throws SQLException {
    try (Statement first = early.createStatement();
        Statement second = late.createStatement()) {
      early.setAutoCommit(false);
      first.execute(event(number));
      first.execute(event(number + 1));
      first.execute(row(number, 1, "", "nextval('deferred_order')"));
      first.execute(row(number + 1, 2, "x", "nextval('deferred_order')"));
      second.execute(event(number + 2));
      second.execute(event(number + 3));
      second.execute(row(number + 2, 1, "", "nextval('deferred_order')"));
      second.execute(row(number + 3, 2, "x", "nextval('deferred_order')"));
      early.commit();
    }
  }

  private static OrderKey key(long endpoint, String value) {
    return new OrderKey(endpoint, value);
  }

  private List<Run> claim(int rows, OrderKey... keys) {
    return loop.run(
        () -> store.claim(new OrderedStore.Limits(MINUTE, rows, 1_000_000), List.of(keys)));
  }

  private List<Head> look(List<OrderKey> within, Set<Long> satisfied) {
    return loop.run(() -> store.look(new OrderedStore.Place(0, within), satisfied, WIDE));
  }

  private List<Long> numbers(Run run) {
    return run.rows().stream().map(row -> row.event().id() - firstId).toList();
  }

  private void release(long number) {
    Future<Void> done =
        loop.start(
            () ->
                outcomes.record(
                    List.of(), List.of(new DeliveryId(firstId + number, 1)), List.of()));
    Await.value(done);
  }

  private void putOff(long number, long untilMicros, Duration delay) {
    Deferral deferral =
        new Deferral(
            new DeliveryId(firstId + number, 1),
            1,
            delay,
            Trigger.RETRY,
            Reason.RETRY,
            OptionalLong.of(untilMicros));
    loop.run(() -> outcomes.record(List.of(), List.of(), List.of(deferral)));
  }

  private void place(long number, long endpoint, String key, long place) {
    db.execute(event(number), row(number, endpoint, key, Long.toString(place)));
  }

  private String event(long number) {
    return "INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets) VALUES (%d, 1,"
            .formatted(firstId + number)
        + " 't', 0, '1', '{1}')";
  }

  private String row(long number, long endpoint, String key, String place) {
    return "INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, reason,"
        + " order_key, order_place) VALUES (%d, %d, 0, now(), 1, 9, '%s', %s)"
            .formatted(firstId + number, endpoint, key, place);
  }
}
