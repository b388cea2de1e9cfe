package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.Exposition;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an operator reads at {@code /metrics} of an endpoint that wants few deliveries a second. */
@ExtendWith(PostgresExtension.class)
class PacedDeliveriesAreMeasuredTest {
  private static final int EVENTS = 5;

  /** Of an interval: the second waits one, the third two, and so on. */
  private static final double WAITED_INTERVALS = 1 + 2 + 3 + 4;

  /** Times are in milliseconds, and events of one batch may be some of them apart. */
  private static final double SLACK_SECONDS = 0.1;

  @Test
  void theWaitForAPaceIsPartOfQueueWaitAndOfAcceptedToArrived(
      @PerTest DatabaseUrl url, @TempDir Path folder) throws Exception {
    try (RecordingReceiver receiver = new RecordingReceiver();
        RunningServer server = new RunningServer(url, folder, Map.of())) {
      createEndpoint(server.api(), receiver.url("/paced"), 2);
      Exposition now = postAndAwait(server);
      assertThat(now.sum("posthaste_queue_wait_seconds_sum"))
          .isGreaterThan(WAITED_INTERVALS / 2 - SLACK_SECONDS);
      assertThat(now.sum("posthaste_accepted_to_arrived_seconds_sum"))
          .isGreaterThan(WAITED_INTERVALS / 2 - SLACK_SECONDS);
      // All of them waited in memory: none went through the table.
      assertThat(now.sum("posthaste_deliveries_parked_total")).isZero();
      assertThat(receiver.received("/paced")).hasSize(EVENTS);
    }
  }

  @Test
  void soIsTheWaitInTheTable(@PerTest DatabaseUrl url, @TempDir Path folder) throws Exception {
    try (RecordingReceiver receiver = new RecordingReceiver();
        RunningServer server = new RunningServer(url, folder, Map.of("DELIVERY_MAX_HOLD", "1s"))) {
      createEndpoint(server.api(), receiver.url("/paced"), 1);
      Exposition now = postAndAwait(server);
      assertThat(now.sum("posthaste_queue_wait_seconds_sum"))
          .isGreaterThan(WAITED_INTERVALS - SLACK_SECONDS);
      assertThat(now.sum("posthaste_deliveries_parked_total")).isPositive();
    }
  }

  private static Exposition postAndAwait(RunningServer server) throws Exception {
    post(server.api());
    await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> server.metrics().sum("posthaste_accepted_to_arrived_seconds_count") == EVENTS);
    Exposition now = server.metrics();
    assertThat(now.sum("posthaste_queue_wait_seconds_count")).isEqualTo(EVENTS);
    return now;
  }

  private static void createEndpoint(Api api, String url, int perSecond) throws Exception {
    api.call(
        "POST",
        "/webhooks/v1/endpoints",
        new JsonObject()
            .put("url", url)
            .put("eventTypeFilters", JsonArray.of("*"))
            .put("rateLimit", new JsonObject().put("count", perSecond).put("perSeconds", 1)));
  }

  private static void post(Api api) throws Exception {
    JsonArray batch = new JsonArray();
    for (int i = 0; i < EVENTS; i++) {
      batch.add(new JsonObject().put("type", "order.paid").put("data", i));
    }
    assertThat(api.rawText("POST", "/webhooks/v1/events/batch", batch.encode()).statusCode())
        .isEqualTo(202);
  }
}
