package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.DeferredStore.Due;
import dev.posthaste.store.DeferredStore.Look;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeferredStoreTest {
  private static final String LOOK =
      "EXECUTE look(0::smallint, 60000, 2000, 20, 2000, 0, '{}', '{}', 1000, 9000000000000000000,"
          + " 16777216, '{}')";

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final long MANY = 1L << 40;
  private static final Duration SOON = Duration.ofSeconds(2);

  private final long firstId = IdGenerator.lowestAt(System.currentTimeMillis());
  private TestDatabase db;
  private Loop loop;
  private DeferredStore store;
  private DeferredStore other;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    loop = db.loop();
    store = new DeferredStore(db.database(), 0);
    other = new DeferredStore(db.database(), 1);
  }

  @BeforeEach
  void clear() {
    db.clear();
  }

  @AfterAll
  void close() {
    Await.value(store.close());
    Await.value(other.close());
    db.close();
  }

  private List<Due> claim(int perEndpoint, int total, long after, Map<Long, Integer> rooms) {
    return look(perEndpoint, total, after, rooms).due();
  }

  private Look look(int perEndpoint, int total, long after, Map<Long, Integer> rooms) {
    return loop.run(
        () ->
            store.claim(
                new DeferredStore.Limits(MINUTE, SOON, perEndpoint, total, 1_000, MANY),
                after,
                rooms,
                Set.of()));
  }

  private static List<Long> endpoints(List<Due> due) {
    return due.stream().map(Due::delivery).map(Delivery::endpointId).sorted().toList();
  }

  @Test
  void bringsTheWholeEventWithItsHistory() {
    defer(1, 1, 10, "- interval '1 s'");
    db.execute("UPDATE event SET data = '{\"a\" : 1}', key = 'k', resource_id = 'r'");
    Delivery delivery = claim(5, 5, 0, Map.of()).getFirst().delivery();
    assertThat(delivery.event().data().text()).isEqualTo("{\"a\" : 1}");
    assertThat(delivery.event().key()).contains("k");
    assertThat(delivery.event().resourceId()).contains("r");
    assertThat(delivery.attempts()).isEqualTo(3);
    assertThat(delivery.deferred()).isTrue();
    assertThat(db.column("SELECT leased_by FROM deferred")).containsExactly("0");
    assertThat(claim(5, 5, 0, Map.of())).isEmpty();
  }

  @Test
  void aHundredThousandDueRowsOfOneEndpointDoNotHideOthers() {
    defer(1, 100_000, 500, "- interval '1 h'");
    defer(200_000, 1, 100, "- interval '1 s'");
    defer(200_001, 1, 900, "- interval '1 s'");
    db.execute("ANALYZE deferred", "ANALYZE event");
    assertThat(endpoints(claim(3, 1_000, 0, Map.of())))
        .containsExactly(100L, 500L, 500L, 500L, 900L);
  }

  @Test
  void goesOnAfterTheLastEndpointWhenTheWholeIsReached() {
    for (long endpoint = 1; endpoint <= 6; endpoint++) {
      defer(10 * endpoint, 2, endpoint, "- interval '1 s'");
    }
    assertThat(endpoints(claim(2, 4, 0, Map.of()))).containsExactly(1L, 1L, 2L, 2L);
    assertThat(endpoints(claim(2, 4, 2, Map.of()))).containsExactly(3L, 3L, 4L, 4L);
    assertThat(endpoints(claim(2, 400, 4, Map.of()))).containsExactly(5L, 5L, 6L, 6L);
  }

  @Test
  void goesRoundApartOverDestinationsThatEventsBring() {
    defer(10, 2, -9, "- interval '1 s'");
    defer(20, 2, -4, "- interval '1 s'");
    defer(30, 2, 3, "- interval '1 s'");
    Look look = look(2, 2, DeferredStore.FIRST_DIRECT, Map.of());
    assertThat(endpoints(look.due())).containsExactly(-9L, -9L);
    assertThat(look.reached()).isEqualTo(-9);
    assertThat(endpoints(claim(2, 2, -9, Map.of()))).containsExactly(-4L, -4L);
    assertThat(endpoints(claim(2, 2, 0, Map.of()))).containsExactly(3L, 3L);
  }

  @Test
  void bringsTheDestinationThatTheEventBrought() {
    defer(1, 1, -9, "- interval '1 s'");
    db.execute("UPDATE event SET direct_url = 'https://client.example/'");
    assertThat(claim(5, 5, 0, Map.of()).getFirst().delivery().event().directUrl())
        .contains("https://client.example/");
  }

  @Test
  void leavesEndpointsThatHaveEnough() {
    defer(1, 2, 1, "- interval '1 s'");
    defer(10, 2, 2, "- interval '1 s'");
    assertThat(endpoints(claim(5, 50, 0, Map.of(1L, 0, 77L, 0)))).containsExactly(2L, 2L);
  }

  @Test
  void takesWhatIsDueWithinTheHorizonTheOldestFirst() {
    defer(1, 1, 1, "- interval '1 min'");
    defer(2, 1, 1, "+ interval '1 s'");
    defer(3, 1, 1, "+ interval '1 min'");
    List<Due> due = claim(5, 50, 0, Map.of());
    assertThat(due)
        .extracting(one -> one.delivery().event().id() - firstId)
        .containsExactlyInAnyOrder(1L, 2L);
    assertThat(due)
        .allSatisfy(
            one ->
                assertThat(one.dueInMillis())
                    .isBetween(0L, one.delivery().event().id() == firstId + 1 ? 0L : 1_000L));
    defer(4, 1, 2, "- interval '1 min'");
    defer(5, 1, 2, "- interval '2 min'");
    assertThat(claim(1, 50, 0, Map.of()))
        .extracting(one -> one.delivery().event().id() - firstId)
        .containsExactly(5L);
  }

  @Test
  void twoClaimersNeverGetTheSameDelivery() {
    defer(1, 2_000, 1, "- interval '1 s'");
    defer(3_000, 2_000, 2, "- interval '1 s'");
    Loop otherLoop = db.loop();
    DeferredStore.Limits limits = new DeferredStore.Limits(MINUTE, SOON, 100, 200, 1_000, MANY);
    Set<Long> seen = new HashSet<>();
    int claimed = 0;
    for (int i = 0; i < 10; i++) {
      Future<Look> one = loop.start(() -> store.claim(limits, 0, Map.of(), Set.of()));
      Future<Look> two = otherLoop.start(() -> other.claim(limits, 0, Map.of(), Set.of()));
      for (Due due : Await.value(one).due()) {
        claimed++;
        seen.add(due.delivery().event().id());
      }
      for (Due due : Await.value(two).due()) {
        claimed++;
        seen.add(due.delivery().event().id());
      }
    }
    assertThat(seen).hasSize(claimed).hasSizeGreaterThan(1_000);
  }

  @Test
  void freesWhatItsHolderHasNotGivenBackInTime() {
    defer(1, 3, 1, "- interval '1 s'");
    assertThat(claim(5, 50, 0, Map.of())).hasSize(3);
    assertThat(loop.run(store::freeExpired)).isZero();
    db.execute("UPDATE deferred SET leased_until = now() - interval '1 s' WHERE event_id % 2 = 0");
    int freed = loop.run(store::freeExpired);
    assertThat(freed).isBetween(1, 2);
    assertThat(claim(5, 50, 0, Map.of())).hasSize(freed);
  }

  @Test
  void goesOnAfterTheEndpointsThatItHasVisited() {
    for (long endpoint = 1; endpoint <= 6; endpoint++) {
      defer(10 * endpoint, 3, endpoint, "- interval '1 s'");
    }
    DeferredStore.Limits limits = new DeferredStore.Limits(MINUTE, SOON, 1, 6, 4, MANY);
    Look first = loop.run(() -> store.claim(limits, 0, Map.of(2L, 0), Set.of()));
    assertThat(endpoints(first.due())).containsExactly(1L, 3L, 4L);
    assertThat(first.reached()).isEqualTo(4);
    Look second = loop.run(() -> store.claim(limits, first.reached(), Map.of(), Set.of()));
    assertThat(endpoints(second.due())).containsExactly(5L, 6L);
    assertThat(second.reached()).isZero();
  }

  @Test
  void takesNoMoreOfAnEndpointThanItsLaneHasRoomFor() {
    defer(1, 9, 1, "- interval '1 s'");
    defer(10, 9, 2, "- interval '1 s'");
    assertThat(endpoints(claim(4, 50, 0, Map.of(1L, 2)))).containsExactly(1L, 1L, 2L, 2L, 2L, 2L);
  }

  @Test
  void leavesRowsOfDisabledEndpointsAndTakesThoseOfDeletedOnes() {
    db.execute(
        "INSERT INTO account (id, name) VALUES (9, 'a')",
        "INSERT INTO tenant (id, account_id, uid, name, contract) VALUES (9, 9, 't', 't', 's')",
        "INSERT INTO endpoint (id, tenant_id, url, event_type_filters, status, deleted_at) VALUES"
            + " (11, 9, '', '{*}', 1, NULL), (12, 9, '', '{*}', 2, NULL), (13, 9, '', '{*}', 3, NULL),"
            + " (14, 9, '', '{*}', 2, now())");
    for (long endpoint = 11; endpoint <= 14; endpoint++) {
      defer(endpoint, 1, endpoint, "- interval '1 s'");
    }
    assertThat(endpoints(claim(4, 50, 0, Map.of()))).containsExactly(11L, 14L);
    db.execute("UPDATE endpoint SET status = 1");
    assertThat(endpoints(claim(4, 50, 0, Map.of()))).containsExactly(12L, 13L);
  }

  @Test
  void aLookWithNothingDueTouchesNextToNothingHoweverManyWait() throws SQLException {
    defer(1, 50_000, 1, "+ interval '1 h'");
    db.execute(
        "UPDATE deferred SET endpoint_id = event_id % 10000", "VACUUM ANALYZE deferred, event");
    try (Connection connection = Sql.connect(db.url());
        Statement statement = connection.createStatement()) {
      statement.execute("PREPARE look AS " + DeferredStore.CLAIM);
      assertThat(buffers(statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS) " + LOOK)))
          .isLessThan(20);
    }
  }

  /** As at the beginning of an outage: the plan is kept from a time when nothing waited. */
  @Test
  void aLookIsPlannedAnewOnceMuchWaits() throws SQLException {
    db.execute("VACUUM ANALYZE deferred");
    try (Connection connection = Sql.connect(db.url());
        Statement statement = connection.createStatement()) {
      statement.execute("SET plan_cache_mode = force_generic_plan");
      statement.execute("PREPARE look AS " + DeferredStore.CLAIM);
      statement.execute(LOOK);
      defer(1, 50_000, 1, "- interval '1 s'");
      db.execute("UPDATE deferred SET endpoint_id = event_id % 50");
      Awaitility.await().until(() -> loop.run(store::keepMeasured));
      assertThat(buffers(statement.executeQuery("EXPLAIN (ANALYZE, BUFFERS) " + LOOK)))
          .isLessThan(20_000);
      assertThat(loop.run(store::keepMeasured)).isFalse();
    }
  }

  /** Of the topmost node, which counts those below it. */
  private static int buffers(ResultSet plan) throws SQLException {
    while (plan.next()) {
      Matcher hit = Pattern.compile("Buffers: shared hit=(\\d+)").matcher(plan.getString(1));
      if (hit.find()) {
        return Integer.parseInt(hit.group(1));
      }
    }
    throw new AssertionError("the plan has no buffers");
  }

  /** Events {@code from} to {@code from + count - 1}, each deferred once. */
  private void defer(long from, int count, long endpoint, String due) {
    String series = "generate_series(%d, %d) AS n".formatted(from, from + count - 1);
    db.execute(
        "INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets) SELECT %d + n, 1,"
                .formatted(firstId)
            + " 't', 0, '1', '{1}' FROM "
            + series,
        "INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger) SELECT %d + n, %d,"
                .formatted(firstId, endpoint)
            + " 3, now() "
            + due
            + ", 2 FROM "
            + series);
  }
}
