package dev.posthaste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.ClusterSettings;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.Fence;
import dev.posthaste.store.NodeTable;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class NodeLeaseTest {
  private static final ClusterSettings SETTINGS =
      new ClusterSettings(Duration.ofMillis(100), Duration.ofSeconds(2), Duration.ofSeconds(1));

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
      Await.value(nodes.takeOver(fence));
      await().until(() -> !lease.isHeld());
      Await.value(db.vertx().undeploy(deployment));
    }
  }

  private static NodeLease lease(TestDatabase db, NodeTable nodes, Fence fence) {
    return new NodeLease(
        nodes,
        db.database().hold(open -> Future.succeededFuture()),
        fence,
        SETTINGS,
        () -> Future.succeededFuture(0L),
        alive -> {},
        () -> {});
  }
}
