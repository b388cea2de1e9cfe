package dev.posthaste.dispatch;

import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Delivery;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.DeferredStore;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class DeferredClaimerTest {
  private static final int EVENTS = 30;
  private static final long UNKNOWN = 88L << 22;

  private static final String WAITING =
      "SELECT pid FROM pg_locks WHERE NOT granted AND relation = 'deferred'::regclass";

  /** More than it may hold of one endpoint, which is half of a lane. */
  private static final Tuning NARROW = Tuning.PLAIN.lane(20, 16);

  @Test
  void aRetryThatIsDueSoonGoesByItsTimerThoughNoOtherLookComes(@PerTest DatabaseUrl url) {
    Tuning tuning = Tuning.PLAIN.withoutClaims().claimInterval(Duration.ofHours(1));
    try (DispatchRig rig = new DispatchRig(url, tuning.lease(Duration.ofHours(2)))) {
      long endpoint = rig.endpoint("/soon", "standard");
      rig.deferRetries(1, endpoint);
      rig.db.execute("UPDATE deferred SET due_at = now() + interval '3 s'");
      rig.claim();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> rig.receiver.received("/soon").size() == 1);
      await().until(() -> rig.count("deferred") == 0);
    }
  }

  @Test
  void whatItLeftAloneDoesNotKeepItFromTheEndpointLater(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, NARROW)) {
      rig.registryIsStale = true;
      rig.deferRetries(EVENTS, UNKNOWN);
      await().until(() -> rig.count("deferred WHERE leased_by IS NOT NULL") == EVENTS);
      rig.registryIsStale = false;
      rig.enable(UNKNOWN, "/new", "standard");
      rig.db.execute("UPDATE deferred SET leased_by = NULL, leased_until = NULL");
      await().until(() -> rig.count("deferred") == 0);
      await().until(() -> rig.receiver.received("/new").size() == EVENTS);
    }
  }

  @Test
  void aClaimThatFailsHalfwayIsNotItsLast(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, NARROW.withoutClaims())) {
      DispatchRouter router = new DispatchRouter(2);
      Queue<Delivery> claimed = new ConcurrentLinkedQueue<>();
      rig.deferRetries(1, UNKNOWN);
      String claimer = Await.value(rig.db.vertx().deployVerticle(claimer(rig, router)));
      await().until(() -> rig.count("deferred WHERE leased_by IS NOT NULL") == 1);
      router.open(0, rig.db.vertx().getOrCreateContext(), claimed::addAll);
      router.open(1, rig.db.vertx().getOrCreateContext(), claimed::addAll);
      rig.deferRetries(1, UNKNOWN);
      await().until(() -> !claimed.isEmpty());
      Await.value(rig.db.vertx().undeploy(claimer));
    }
  }

  @Test
  void aLaneThatMakesRoomDuringALookDoesNotWaitForTheNextOne(@PerTest DatabaseUrl url)
      throws SQLException {
    Tuning tuning = NARROW.claimInterval(Duration.ofHours(1)).lease(Duration.ofHours(2));
    try (DispatchRig rig = new DispatchRig(url, tuning.withoutClaims());
        Connection busy = Sql.connect(url);
        Statement statement = busy.createStatement()) {
      DispatchRouter router = new DispatchRouter(1);
      Queue<Delivery> claimed = new ConcurrentLinkedQueue<>();
      router.open(0, rig.db.vertx().getOrCreateContext(), claimed::addAll);
      long endpoint = rig.endpoint("/full", "standard");
      LaneRooms rooms = new LaneRooms();
      LaneRooms.Room room = rooms.add(endpoint);
      rig.deferRetries(1, endpoint);
      busy.setAutoCommit(false);
      statement.execute("LOCK TABLE deferred IN ACCESS EXCLUSIVE MODE");
      String claimer =
          Await.value(rig.db.vertx().deployVerticle(claimer(rig, router, tuning, rooms)));
      await().until(() -> !rig.db.column(WAITING).isEmpty());
      room.set(1, System.nanoTime());
      busy.rollback();
      await().until(() -> !claimed.isEmpty());
      Await.value(rig.db.vertx().undeploy(claimer));
    }
  }

  private static DeferredClaimer claimer(DispatchRig rig, DispatchRouter router) {
    return claimer(rig, router, NARROW, new LaneRooms());
  }

  private static DeferredClaimer claimer(
      DispatchRig rig, DispatchRouter router, Tuning tuning, LaneRooms rooms) {
    return new DeferredClaimer(
        new ClaimPlan(
            tuning.deferred(),
            tuning.laneQueue(),
            rooms,
            new ClaimedBytes(tuning.fairness(), tuning.lease())),
        own -> new DeferredStore(rig.db.database(), 0),
        rig.registry,
        () -> rig.db.vertx().timer(1).mapEmpty(),
        router);
  }
}
