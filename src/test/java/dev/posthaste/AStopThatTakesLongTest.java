package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A node whose way in is closed, and which waits for a receiver that takes its time. */
@ExtendWith(PostgresExtension.class)
class AStopThatTakesLongTest {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  /** Less than a stop waits for deliveries, and enough for tens of heartbeats and reports. */
  private static final Duration SLOW = Duration.ofSeconds(12);

  /** More than can come while the way in is closing. */
  private static final int BEATS = 5;

  private static final String HEARTBEATS =
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
          + " AND query LIKE 'UPDATE node SET heartbeat_at%'";

  @Test
  void aNodeGoesOnToBeatUntilItHasDeliveredThoughItsLeaseHadLostItsConnection(
      @PerTest DatabaseUrl url, @TempDir Path folder) {
    try (TestDatabase db = new TestDatabase(url)) {
      RunningNode node = new RunningNode(folder, url);
      Set<String> before = new HashSet<>(db.column(HEARTBEATS));
      db.column(HEARTBEATS.replace("pid", "pg_terminate_backend(pid)"));
      await()
          .atMost(PATIENCE)
          .until(() -> db.column(HEARTBEATS).stream().anyMatch(pid -> !before.contains(pid)));
      goesOnWhileItStops(node, db, "heartbeat_at");
    }
  }

  @Test
  void aNodeSaysHowFarItHasCommittedUntilItHasDelivered(
      @PerTest DatabaseUrl url, @TempDir Path folder) {
    try (TestDatabase db = new TestDatabase(url)) {
      goesOnWhileItStops(new RunningNode(folder, url), db, "committed_below");
    }
  }

  /** A part of its row. */
  private static void goesOnWhileItStops(RunningNode node, TestDatabase db, String part) {
    try (RecordingReceiver receiver = new RecordingReceiver()) {
      receiver.answer("/slow", new Answer(200, SLOW.toMillis()));
      node.createTenant("acme", "standard");
      node.createEndpoint("acme", receiver.url("/slow"), "order.paid");
      node.publish("acme", "order.paid", 1);
      await().atMost(PATIENCE).until(() -> receiver.received("/slow").size() == 1);
      Thread stop = Thread.ofPlatform().start(node::close);
      await().atMost(PATIENCE).until(() -> !node.listens());
      for (int i = 0; i < BEATS; i++) {
        List<String> last = db.column("SELECT %s FROM node".formatted(part));
        await().until(() -> !db.column("SELECT %s FROM node".formatted(part)).equals(last));
      }
      await().atMost(PATIENCE).until(() -> !stop.isAlive());
      assertThat(db.column("SELECT live FROM node")).containsExactly("f");
    }
  }
}
