package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an endpoint allows is what it gets from all nodes together. */
@ExtendWith(PostgresExtension.class)
class RateLimitOverNodesTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String TENANT = "paced";
  private static final String EVENT = "order.paid";
  private static final int NODES = 2;
  private static final int PER_SECOND = 10;
  private static final int EVENTS_PER_NODE = 15;

  private final List<Long> arrivals = new CopyOnWriteArrayList<>();

  @Test
  void nodesThatShareAnEndpointSendNoFasterTogetherThanItAllows(
      DatabaseUrl url, @TempDir Path folder) {
    try (TestDatabase db = new TestDatabase(url);
        RecordingReceiver receiver = new RecordingReceiver();
        RunningNode first = new RunningNode(folder.resolve("first"), url)) {
      receiver.answer("/paced", request -> arrived());
      pacedEndpoint(first, receiver.url("/paced"));
      try (RunningNode second = new RunningNode(folder.resolve("second"), url)) {
        awaitHeartbeatOf(0, db);
        awaitHeartbeatOf(0, db);
        long begin = System.nanoTime();
        first.publish(TENANT, EVENT, EVENTS_PER_NODE);
        second.publish(TENANT, EVENT, EVENTS_PER_NODE);
        await().atMost(PATIENCE).until(() -> arrivals.size() == NODES * EVENTS_PER_NODE);
        assertNeverMoreThanAllowedSince(begin);
      }
    }
  }

  private Answer arrived() {
    arrivals.add(System.nanoTime());
    return Answer.of(200);
  }

  private static void pacedEndpoint(RunningNode node, String url) {
    node.createTenant(TENANT, "standard");
    String id = node.createEndpoint(TENANT, url, EVENT);
    node.patch(
        TENANT, id, "{\"rateLimit\": {\"count\": %d, \"perSeconds\": 1}}".formatted(PER_SECOND));
  }

  /**
   * A heartbeat brings the number of live nodes, and the next one goes when that was taken in: two
   * of them after another node has joined, and it is known.
   */
  private static void awaitHeartbeatOf(int node, TestDatabase db) {
    List<String> before = lastHeartbeat(node, db);
    await().atMost(PATIENCE).until(() -> !lastHeartbeat(node, db).equals(before));
  }

  private static List<String> lastHeartbeat(int node, TestDatabase db) {
    return db.column("SELECT heartbeat_at FROM node WHERE id = " + node);
  }

  /**
   * Counted from before the first was sent, not between arrivals: a machine that is busy can bring
   * those closer together, but none of them earlier.
   */
  private void assertNeverMoreThanAllowedSince(long beginNanos) {
    for (int i = 0; i < arrivals.size(); i++) {
      double seconds = (arrivals.get(i) - beginNanos) / 1e9;
      assertThat(i + 1).as("after %s s", seconds).isLessThanOrEqualTo(allowedWithin(seconds));
    }
  }

  /** Each node sends its first at once. */
  private static int allowedWithin(double seconds) {
    return NODES + (int) Math.floor(PER_SECOND * seconds);
  }
}
