package dev.posthaste.alert;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.alert.ExhaustedObserver.Batch;
import dev.posthaste.alert.ExhaustedObserver.Exhausted;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Reply;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.BacklogStore;
import dev.posthaste.store.Fence;
import dev.posthaste.store.HealthStore;
import dev.posthaste.store.NodeTable;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** What operators are told of deliveries, as it stands in the table of events. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReportsTest {
  private static final Endpoint WATCHED = Samples.endpoint(21, 2, "http://watched/hook?key=hush");
  private static final Duration LIMIT = Duration.ofMinutes(5);

  private final Registry registry = new Registry(Map.of());
  private final AlertEvents events = new AlertEvents(registry, Clock.systemUTC());
  private TestDatabase db;
  private HealthStore store;
  private Fence fence;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    registry.put(Samples.tenant(1, Alerts.TENANT));
    registry.put(Samples.tenant(2, "acme"));
    registry.put(List.of(Samples.endpoint(11, 1, "http://operators"), WATCHED));
  }

  @BeforeEach
  void join() {
    db.clear();
    fence = Await.value(new NodeTable(db.database()).join()).fence();
    store = new HealthStore(db.database(), Samples.own(db, fence));
  }

  @AfterAll
  void close() {
    db.close();
  }

  private List<JsonObject> told() {
    return db.column("SELECT convert_from(data, 'UTF8') FROM event ORDER BY id").stream()
        .map(JsonObject::new)
        .toList();
  }

  private static Exhausted exhausted(int event) {
    Reply reply = new Reply.Answered(503, "", Optional.empty(), 1, Optional.empty());
    return new Exhausted(
        WATCHED,
        "order.paid",
        new Attempt(
            new DeliveryId(event, 21),
            6,
            Attempt.Outcome.FAILED,
            Attempt.Trigger.RETRY,
            Optional.of(reply),
            0));
  }

  private static Batch batch(int from, int deliveries, int suppressed) {
    return new Batch(
        IntStream.range(from, from + deliveries).mapToObj(ReportsTest::exhausted).toList(),
        suppressed);
  }

  @Test
  void ofTooManyFailedDeliveriesSomeAreToldAndTheOthersCounted() {
    ExhaustedReport report =
        new ExhaustedReport(
            store, events, 3, 3, () -> Future.succeededFuture(List.of(batch(1, 5, 100))));
    Await.value(report.round());
    List<JsonObject> told = told();
    assertThat(told).hasSize(3);
    assertThat(told.getFirst().getLong("suppressed")).isEqualTo(102);
    assertThat(told.getLast().getLong("suppressed")).isZero();
    JsonObject first = told.getFirst();
    assertThat(first.getString("tenant")).isEqualTo("acme");
    assertThat(first.getString("url")).isEqualTo("http://watched/hook");
    assertThat(first.getInteger("attempts")).isEqualTo(6);
    assertThat(first.getInteger("lastHttpStatus")).isEqualTo(503);
    assertThat(first.getString("lastError")).isEqualTo("http_error");
    assertThat(first.getString("deliveryId")).isEqualTo(new DeliveryId(1, 21).toString());
    assertThat(db.column("SELECT DISTINCT endpoint_id FROM deferred")).containsExactly("11");
  }

  @Test
  void whatCouldNotBeToldIsKeptForTheNextRound() {
    List<Batch> batches = new ArrayList<>(List.of(batch(1, 2, 0)));
    ExhaustedReport report =
        new ExhaustedReport(
            store, events, 1_000, 10, () -> Future.succeededFuture(List.copyOf(batches)));
    db.execute("ALTER TABLE deferred ADD CONSTRAINT none CHECK (false) NOT VALID");
    try {
      Await.failure(report.round());
    } finally {
      db.execute("ALTER TABLE deferred DROP CONSTRAINT none");
    }
    assertThat(told()).isEmpty();
    batches.clear();
    Await.value(report.round());
    Await.value(report.round());
    assertThat(told()).hasSize(2);
  }

  private void waiting(int event, String dueAgo, String orderKey) {
    db.execute(
        "INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, order_key,"
            + " order_place) VALUES (%d, 21, 1, now() - interval '%s', 2, %s, 1)"
                .formatted(event, dueAgo, orderKey));
  }

  @Test
  void aBacklogIsToldOnceUntilItWasGone() {
    BacklogReport report = backlog(fence.node());
    waiting(1, "4 minutes", "NULL");
    Await.value(report.round());
    assertThat(told()).isEmpty();
    waiting(2, "10 minutes", "NULL");
    waiting(3, "20 minutes", "NULL");
    Await.value(report.round());
    Await.value(report.round());
    assertThat(told()).hasSize(1);
    assertThat(told().getFirst().getLong("ageSec")).isBetween(1_200L, 1_300L);
    assertThat(told().getFirst().getLong("limitSec")).isEqualTo(300);
    db.execute("UPDATE deferred SET leased_by = 1 WHERE event_id IN (2, 3)");
    Await.value(report.round());
    db.execute("UPDATE deferred SET leased_by = NULL");
    Await.value(report.round());
    assertThat(told()).hasSize(2);
  }

  @Test
  void orderedDeliveriesMakeABacklogToo() {
    waiting(1, "10 minutes", "''");
    Await.value(backlog(fence.node()).round());
    assertThat(told()).hasSize(1);
  }

  @Test
  void onlyTheLowestLiveNodeLooks() {
    Fence second = Await.value(new NodeTable(db.database()).join()).fence();
    waiting(1, "10 minutes", "NULL");
    Await.value(backlog(second.node()).round());
    assertThat(told()).isEmpty();
    db.execute("UPDATE node SET live = false WHERE id = " + fence.node());
    store = new HealthStore(db.database(), Samples.own(db, second));
    Await.value(backlog(second.node()).round());
    assertThat(told()).hasSize(1);
  }

  private BacklogReport backlog(int node) {
    return new BacklogReport(new BacklogStore(db.database(), node), store, registry, events, LIMIT);
  }
}
