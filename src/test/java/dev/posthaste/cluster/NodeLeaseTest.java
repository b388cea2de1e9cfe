package dev.posthaste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.ClusterSettings;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.Fence;
import dev.posthaste.store.HeldConnection;
import dev.posthaste.store.NodeTable;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Sightings;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class NodeLeaseTest {
  private static final ClusterSettings SETTINGS =
      new ClusterSettings(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(1));

  private static final String WAITING =
      "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'node'::regclass";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** Far longer than a look for silent nodes takes, and what comes of it. */
  private static final Duration A_LOOK = Duration.ofMillis(500);

  @Test
  void aNodeKnowsByItsOwnClockThatItsLeaseHasRunOut(@PerTest DatabaseUrl url) throws SQLException {
    try (TestDatabase db = new TestDatabase(url)) {
      NodeTable nodes = new NodeTable(db.database());
      Fence fence = Await.value(nodes.join()).fence();
      NodeLease lease = lease(db, nodes, fence);
      assertThat(lease.isHeld()).isFalse();
      String deployment = Await.value(db.vertx().deployVerticle(lease));
      await().until(lease::isHeld);
      try (Connection blocker = Sql.connect(url);
          Statement statement = blocker.createStatement()) {
        blocker.setAutoCommit(false);
        statement.execute("LOCK TABLE node IN ACCESS EXCLUSIVE MODE");
        await().until(() -> !lease.isHeld());
        blocker.rollback();
      }
      await().until(lease::isHeld);
      await().until(() -> Await.value(nodes.takeOver(Sightings.of(nodes, fence))).isPresent());
      await().until(() -> !lease.isHeld());
      Await.value(db.vertx().undeploy(deployment));
    }
  }

  @Test
  void heartbeatsThatWereGivenUpDoNotQueueInTheDatabase(@PerTest DatabaseUrl url)
      throws SQLException {
    try (TestDatabase db = new TestDatabase(url)) {
      NodeTable nodes = new NodeTable(db.database());
      Fence fence = Await.value(nodes.join()).fence();
      HeldConnection own = db.database().hold(Duration.ofSeconds(1));
      try (Connection blocker = Sql.connect(url);
          Statement statement = blocker.createStatement()) {
        blocker.setAutoCommit(false);
        statement.execute("LOCK TABLE node IN ACCESS EXCLUSIVE MODE");
        Loop loop = db.loop();
        for (int i = 0; i < 3; i++) {
          Await.failure(loop.start(() -> nodes.heartbeat(own, fence, 0)));
        }
        await().until(() -> db.column(WAITING).isEmpty());
        blocker.rollback();
        loop.run(own::close);
      }
    }
  }

  private static NodeLease lease(TestDatabase db, NodeTable nodes, Fence fence) {
    return lease(db, nodes, fence, () -> Future.succeededFuture(0L));
  }

  private static NodeLease lease(
      TestDatabase db, NodeTable nodes, Fence fence, Supplier<Future<Long>> settledBelow) {
    return new NodeLease(
        nodes,
        db.database().hold(open -> Future.succeededFuture()),
        fence,
        SETTINGS,
        settledBelow,
        alive -> {},
        () -> {});
  }

  @Test
  void whoIsBackFirstAfterAnOutageLeavesTheOthersTimeToComeBackToo(@PerTest DatabaseUrl url) {
    try (TestDatabase db = new TestDatabase(url)) {
      Member first = new Member(db);
      Member other = new Member(db);
      first.reaches(0);
      other.reaches(0);
      await().atMost(PATIENCE).until(() -> first.isSilentForALease() && other.isSilentForALease());
      int before = first.renewals();
      // Not more: after a lease of its own it may well bury who is still away.
      first.reaches(1);
      await().atMost(PATIENCE).until(() -> first.renewals() > before);
      await().during(A_LOOK).until(() -> epochs(db), List.of("1", "1")::equals);
      int silent = other.renewals();
      other.reaches(Integer.MAX_VALUE);
      await().atMost(PATIENCE).until(() -> other.renewals() > silent);
      assertThat(epochs(db)).containsExactly("1", "1");
    }
  }

  @Test
  void aNodeThatIsDeadIsBuriedOnceItWasSilentForALease(@PerTest DatabaseUrl url) {
    try (TestDatabase db = new TestDatabase(url)) {
      Member survivor = new Member(db);
      Member dead = new Member(db);
      // From then on it buries whom it finds silent.
      await().atMost(PATIENCE).until(survivor::hasBeatenForALease);
      dead.reaches(0);
      await().atMost(PATIENCE).until(() -> epochs(db), List.of("1", "2")::equals);
      assertThat(
              db.column(
                  "SELECT now() - heartbeat_at > interval '%d ms' FROM node WHERE NOT live"
                      .formatted(SETTINGS.lease().toMillis())))
          .containsExactly("t");
    }
  }

  private static List<String> epochs(TestDatabase db) {
    return db.column("SELECT epoch FROM node ORDER BY id");
  }

  /** A node that holds a lease, with a way to the database that the test shuts and opens. */
  private static final class Member implements LeaseObserver {
    private final AtomicInteger reaching = new AtomicInteger(Integer.MAX_VALUE);
    private final AtomicInteger renewals = new AtomicInteger();
    private final long bornNanos = System.nanoTime();
    private volatile long renewedNanos;
    private volatile boolean cutOff;

    Member(TestDatabase db) {
      NodeTable nodes = new NodeTable(db.database());
      NodeLease lease = lease(db, nodes, Await.value(nodes.join()).fence(), this::settledBelow);
      Await.value(db.vertx().deployVerticle(lease.watchedBy(this)));
      await().atMost(PATIENCE).until(lease::isHeld);
    }

    private Future<Long> settledBelow() {
      if (reaching.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
        return Future.succeededFuture(0L);
      }
      cutOff = true;
      return Future.failedFuture("cut off");
    }

    /** So many heartbeats more. */
    void reaches(int heartbeats) {
      reaching.set(heartbeats);
    }

    boolean hasBeatenForALease() {
      return renewedNanos - bornNanos > SETTINGS.lease().toNanos();
    }

    /** Once one heartbeat has failed none from before is under way any more. */
    boolean isSilentForALease() {
      return cutOff && System.nanoTime() - renewedNanos > SETTINGS.lease().toNanos();
    }

    int renewals() {
      return renewals.get();
    }

    @Override
    public void held() {
      renewedNanos = System.nanoTime();
      renewals.incrementAndGet();
    }
  }
}
