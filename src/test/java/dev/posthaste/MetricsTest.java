package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.Exposition;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What an operator reads at {@code /metrics} of a server that works. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsTest {
  private final RecordingReceiver receiver = new RecordingReceiver();
  private RunningServer server;
  private Api api;

  @BeforeAll
  void start(DatabaseUrl url, @TempDir Path folder) {
    server =
        new RunningServer(
            url, folder, Map.of("METRICS_BACKLOG_INTERVAL", "1s", "METRICS_HTTP", "true"));
    api = server.api();
  }

  @AfterAll
  void stop() {
    server.close();
    receiver.close();
  }

  @Test
  void tellsWhatBecameOfEventsAndNothingIsLeftInFlight() throws Exception {
    receiver.answer("/bad", Answer.of(503));
    api.createEndpoint(receiver.url("/good"), "good.*");
    api.createEndpoint(receiver.url("/bad"), "bad.*");
    post("good.one", "first");
    post("good.one", "first");
    post("good.two", "second");
    post("bad.one", "third");
    assertThat(api.raw("POST", "/webhooks/v1/events", new JsonObject()).statusCode())
        .isEqualTo(422);
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() -> assertWhatBecameOfThem(server.metrics()));
  }

  private static void assertWhatBecameOfThem(Exposition now) {
    assertThat(now.sum("posthaste_events_accepted_total")).isEqualTo(3);
    assertThat(now.sum("posthaste_events_repeated_total")).isEqualTo(1);
    assertThat(now.sum("posthaste_events_refused_total", "reason", "invalid")).isEqualTo(1);
    assertThat(now.sum("posthaste_events_refused_total")).isEqualTo(1);
    assertThat(
            now.sum(
                "posthaste_attempts_total",
                "outcome",
                "delivered",
                "reason",
                "2xx",
                "trigger",
                "live"))
        .isEqualTo(2);
    assertThat(now.sum("posthaste_attempts_total", "outcome", "retrying", "reason", "5xx"))
        .isEqualTo(1);
    assertThat(now.sum("posthaste_accepted_to_arrived_seconds_count", "trigger", "live"))
        .isEqualTo(2);
    assertThat(now.sum("posthaste_attempt_duration_seconds_count")).isEqualTo(3);
    assertThat(now.sum("posthaste_queue_wait_seconds_count")).isEqualTo(3);
    assertThat(now.sum("posthaste_attempts_in_flight")).isZero();
    assertThat(now.sum("posthaste_lanes_waiting")).isZero();
    assertThat(now.sum("posthaste_lanes")).isPositive();
    assertThat(now.sum("posthaste_outcomes_waiting")).isZero();
    assertThat(now.sum("posthaste_outcome_group_sum")).isEqualTo(3);
    assertThat(now.sum("posthaste_commit_events_sum")).isEqualTo(4);
    assertThat(now.sum("posthaste_commit_duration_seconds_count")).isPositive();
    assertThat(now.sum("posthaste_claim_duration_seconds_count")).isPositive();
    assertThat(now.sum("posthaste_deferred_deliveries", "reason", "retry")).isEqualTo(1);
    assertThat(now.sum("posthaste_deferred_deliveries")).isEqualTo(1);
    assertThat(now.sum("posthaste_undelivered_oldest_age_seconds")).isBetween(0.001, 60.0);
    assertThat(now.sum("posthaste_registry_endpoints")).isEqualTo(2);
  }

  @Test
  void tellsTheAgeOfWhatOnlyTheMemoryOfANodeHolds(@PerTest DatabaseUrl url, @TempDir Path folder)
      throws Exception {
    try (RunningServer own =
            new RunningServer(url, folder, Map.of("METRICS_BACKLOG_INTERVAL", "1s"));
        // Closed before the server, which so has nothing in flight to wait for.
        RecordingReceiver hanging = new RecordingReceiver()) {
      hanging.answer("/hangs", Answer.never());
      own.api().createEndpoint(hanging.url("/hangs"), "*");
      own.api().call("POST", "/webhooks/v1/events", event("hanging.one", "first"));
      await()
          .atMost(Duration.ofSeconds(30))
          .untilAsserted(
              () -> {
                Exposition now = own.metrics();
                assertThat(now.sum("posthaste_undelivered_oldest_age_seconds")).isGreaterThan(1.5);
                assertThat(now.sum("posthaste_deferred_deliveries")).isZero();
              });
    }
  }

  @Test
  void tellsHowTheNodeAndItsProcessStand() {
    await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> server.metrics().sum("posthaste_nodes_live") == 1);
    Exposition now = server.metrics();
    assertThat(now.sum("posthaste_lease_held")).isEqualTo(1);
    assertThat(now.sum("posthaste_lease_heartbeat_age_seconds")).isBetween(0.0, 10.0);
    assertThat(now.sum("posthaste_registry_age_seconds")).isBetween(0.0, 10.0);
    assertThat(now.sum("posthaste_build_info")).isEqualTo(1);
    assertThat(now.sum("vertx_pool_ratio", "pool_type", "sql")).isNotNaN();
    assertThat(now.types())
        .containsKeys(
            "vertx_pool_in_use",
            "vertx_pool_queue_pending",
            "vertx_http_server_active_requests",
            "jvm_memory_used_bytes",
            "jvm_gc_memory_allocated_bytes_total",
            "jvm_threads_live_threads",
            "process_cpu_usage",
            "process_files_open_files");
  }

  @Test
  void namesCarryHelpAndUnitAndLabelsAreFew() {
    Exposition now = server.metrics();
    assertThat(now.samples()).hasSizeLessThan(1_500);
    assertThat(now.samples())
        .flatExtracting(sample -> List.copyOf(sample.labels().keySet()))
        .noneMatch(
            label -> label.matches(".*(endpoint|tenant|ur[il]|path|route|host|remote|local).*"));
    assertThat(now.samples())
        .flatExtracting(sample -> List.copyOf(sample.labels().values()))
        .noneMatch(value -> value.matches("(ep|ten|evt)_.*"));
    assertThat(now.samples())
        .extracting(sample -> sample.labels().getOrDefault("pool_name", ""))
        .noneMatch(name -> name.contains("127.0.0.1"));
    assertThat(now.types().keySet())
        .filteredOn(name -> name.startsWith("posthaste_"))
        .hasSizeGreaterThan(25)
        .allSatisfy(name -> assertThat(now.helps().get(name)).endsWith("."))
        .allSatisfy(
            name ->
                assertThat(now.types().get(name).equals("counter"))
                    .isEqualTo(name.endsWith("_total")))
        .noneMatch(name -> name.contains("milli") || name.contains("_ms"));
  }

  @Test
  void speaksOpenMetricsToWhoAcceptsIt() {
    HttpResponse<String> plain = server.get(server.port(), "/metrics");
    assertThat(plain.headers().firstValue("content-type"))
        .contains("text/plain; version=0.0.4; charset=utf-8");
    HttpResponse<String> open =
        server.get(
            server.port(), "/metrics", "accept", "application/openmetrics-text;version=1.0.0");
    assertThat(open.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/openmetrics-text; version=1.0.0");
    assertThat(open.body()).endsWith("# EOF\n");
  }

  private void post(String type, String id) throws Exception {
    api.call("POST", "/webhooks/v1/events", event(type, id));
  }

  private static JsonObject event(String type, String id) {
    return new JsonObject().put("type", type).put("id", id).put("data", 1);
  }
}
