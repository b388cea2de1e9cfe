package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A stop as a load balancer sees it: told first, then closed. */
@ExtendWith(PostgresExtension.class)
class ReadyGraceTest {
  @Test
  void aStopSaysThatItIsNotReadyAndTakesEventsUntilThatWasNoticed(
      DatabaseUrl url, @TempDir Path folder) throws Exception {
    RunningServer server =
        new RunningServer(
            url, folder, Map.of("HTTP_READY_GRACE", "5s", "DELIVERY_DRAIN_GRACE", "1s"));
    assertThat(ready(server)).isEqualTo(200);
    Thread stop = Thread.ofPlatform().start(server::close);
    await().atMost(Duration.ofSeconds(4)).until(() -> ready(server) == 503);
    JsonObject event = new JsonObject().put("type", "late.one").put("data", 1);
    assertThat(server.api().raw("POST", "/webhooks/v1/events", event).statusCode()).isEqualTo(202);
    stop.join();
    assertThatThrownBy(() -> ready(server)).hasMessageContaining("ConnectException");
  }

  private static int ready(RunningServer server) {
    return server.get(server.port(), "/health/ready").statusCode();
  }
}
