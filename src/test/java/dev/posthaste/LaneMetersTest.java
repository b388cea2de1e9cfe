package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an operator reads at {@code /metrics} of an endpoint that fails and of one that hangs. */
@ExtendWith(PostgresExtension.class)
class LaneMetersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int FAILURES = 3;

  private static final Map<String, String> OPENS_SOON =
      Map.of(
          "BREAKER_FAILURES", Integer.toString(FAILURES),
          "BREAKER_PROBE_INTERVAL", "500ms",
          "BREAKER_MAX_PROBE_INTERVAL", "500ms",
          "DEFERRED_CLAIM_INTERVAL", "100ms");

  private static final Map<String, String> HOLDS_LONG =
      Map.of("DELIVERY_MAX_HOLD", "30s", "DELIVERY_DRAIN_GRACE", "0ms");

  @Test
  void anEndpointWhoseBreakerIsOpenIsCountedUntilItTakesAProbe(
      @PerTest DatabaseUrl url, @TempDir Path folder) throws Exception {
    try (RecordingReceiver receiver = new RecordingReceiver();
        RunningServer server = new RunningServer(url, folder, OPENS_SOON)) {
      receiver.answer("/down", Answer.of(503));
      createEndpoint(server.api(), receiver.url("/down"), 10);
      assertThat(server.metrics().sum("posthaste_breakers_open")).isZero();
      post(server.api(), FAILURES + 2);
      awaitMeter(server, "posthaste_breakers_open", 1);
      receiver.answer("/down", Answer.of(200));
      awaitMeter(server, "posthaste_breakers_open", 0);
    }
  }

  @Test
  void whatAHangingEndpointMayNotHaveInFlightWaitsInItsLane(
      @PerTest DatabaseUrl url, @TempDir Path folder) throws Exception {
    try (RecordingReceiver receiver = new RecordingReceiver();
        RunningServer server = new RunningServer(url, folder, HOLDS_LONG)) {
      receiver.answer("/hangs", Answer.never());
      createEndpoint(server.api(), receiver.url("/hangs"), 2);
      assertThat(server.metrics().sum("posthaste_lanes_waiting")).isZero();
      post(server.api(), 7);
      awaitMeter(server, "posthaste_lanes_waiting", 5);
      awaitMeter(server, "posthaste_lanes_waiting_payload_bytes", 5);
    }
  }

  private static void createEndpoint(Api api, String url, int maxConcurrency) throws Exception {
    api.call(
        "POST",
        "/webhooks/v1/endpoints",
        new JsonObject()
            .put("url", url)
            .put("eventTypeFilters", JsonArray.of("*"))
            .put("maxConcurrency", maxConcurrency));
  }

  /** One byte of data each. */
  private static void post(Api api, int events) throws Exception {
    JsonArray batch = new JsonArray();
    for (int i = 0; i < events; i++) {
      batch.add(new JsonObject().put("type", "order.paid").put("data", i));
    }
    assertThat(api.rawText("POST", "/webhooks/v1/events/batch", batch.encode()).statusCode())
        .isEqualTo(202);
  }

  private static void awaitMeter(RunningServer server, String name, double value) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(server.metrics().sum(name)).isEqualTo(value));
  }
}
