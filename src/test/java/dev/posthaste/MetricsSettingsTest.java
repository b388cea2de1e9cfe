package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.Exposition;
import dev.posthaste.support.HeldPort;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Metrics on a port of their own, by tenant, with lanes that overflow. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsSettingsTest {
  private final RecordingReceiver receiver = new RecordingReceiver();
  private final HeldPort held = new HeldPort();
  private final int managementPort = held.number();
  private RunningServer server;
  private Api api;

  @BeforeAll
  void start(DatabaseUrl url, @TempDir Path folder) {
    server =
        new RunningServer(
            url,
            folder,
            Map.of(
                "HTTP_MANAGEMENT_PORT", Integer.toString(managementPort),
                "METRICS_PER_TENANT", "true",
                "METRICS_BACKLOG_INTERVAL", "1s",
                "DELIVERY_LANE_QUEUE", "1",
                "DELIVERY_DRAIN_GRACE", "0ms"));
    api = server.api();
  }

  @AfterAll
  void stop() {
    server.close();
    receiver.close();
    held.close();
  }

  @Test
  void aPortOfTheirOwnTakesTheMetricsFromThePortOfClientsAndSharesTheHealth() {
    assertThat(server.get(managementPort, "/metrics").statusCode()).isEqualTo(200);
    assertThat(server.get(server.port(), "/metrics").statusCode()).isEqualTo(404);
    for (int port : new int[] {managementPort, server.port()}) {
      assertThat(server.get(port, "/health/live").statusCode()).isEqualTo(200);
      assertThat(server.get(port, "/health/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void whatFindsItsLaneFullIsParkedAndCountedAndAHangingAttemptIsInFlight() throws Exception {
    receiver.answer("/hangs", Answer.never());
    api.createEndpoint(receiver.url("/hangs"), "slow.*");
    double before = metrics().sum("posthaste_tenant_events_accepted_total", "tenant", "default");
    for (int i = 0; i < 20; i++) {
      api.call(
          "POST", "/webhooks/v1/events", new JsonObject().put("type", "slow.one").put("data", i));
    }
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              Exposition now = metrics();
              assertThat(now.sum("posthaste_tenant_events_accepted_total", "tenant", "default"))
                  .isGreaterThanOrEqualTo(before + 20);
              assertThat(now.sum("posthaste_attempts_in_flight")).isPositive();
              assertThat(now.sum("posthaste_deliveries_parked_total", "reason", "lane_full"))
                  .isPositive();
              assertThat(now.sum("posthaste_deferred_deliveries")).isPositive();
            });
  }

  @Test
  void attemptsAreCountedByTenantToo() throws Exception {
    api.createEndpoint(receiver.url("/quick"), "quick.*");
    api.call(
        "POST", "/webhooks/v1/events", new JsonObject().put("type", "quick.one").put("data", 1));
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                metrics()
                        .sum(
                            "posthaste_tenant_attempts_total",
                            "tenant",
                            "default",
                            "outcome",
                            "delivered")
                    >= 1);
  }

  private Exposition metrics() {
    return Exposition.parse(server.get(managementPort, "/metrics").body());
  }
}
