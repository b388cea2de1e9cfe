package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
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

  @Test
  void anAnswerDuringAStopIsTheLastOfItsConnection(DatabaseUrl url, @TempDir Path folder)
      throws Exception {
    RunningServer server =
        new RunningServer(
            url, folder, Map.of("HTTP_READY_GRACE", "10s", "DELIVERY_DRAIN_GRACE", "20s"));
    try (Socket before = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      before.setSoTimeout(8_000);
      assertThat(server.get(server.port(), "/health/ready").headers().firstValue("connection"))
          .isEmpty();
      Thread stop = Thread.ofPlatform().start(server::close);
      await().atMost(Duration.ofSeconds(4)).until(() -> ready(server) == 503);

      String answer = untilClosed(before, event(server.port()));

      assertThat(answer).startsWith("HTTP/1.1 202").containsIgnoringCase("connection: close");
      assertThat(answer).as("the whole of it").endsWith("}");
      assertThat(ready(server)).as("others may still come").isEqualTo(503);
      stop.join();
    }
  }

  private static String event(int port) {
    String body = "{\"type\":\"late.one\",\"data\":1}";
    return """
        POST /webhooks/v1/events HTTP/1.1\r
        host: 127.0.0.1:%d\r
        authorization: Bearer %s\r
        content-type: application/json\r
        content-length: %d\r
        \r
        %s"""
        .formatted(port, RunningServer.KEY, body.length(), body);
  }

  /** Sends, and reads until the other side closes. */
  private static String untilClosed(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
  }

  private static int ready(RunningServer server) {
    return server.get(server.port(), "/health/ready").statusCode();
  }
}
