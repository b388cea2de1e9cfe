package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.SettingsReader;
import dev.posthaste.support.Api;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.Sql;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, from the post of an event to its arrival in order. */
@ExtendWith(PostgresExtension.class)
class OrderedEndpointTest {
  private static final String KEY = "operator-key-for-tests-0123456789abcdef";

  @TempDir Path folder;

  @Test
  void eventsArriveInTheOrderInWhichTheyWereAccepted(@PerTest DatabaseUrl url) throws Exception {
    int port = freePort();
    Server server = new Server(SettingsReader.read(Optional.empty(), environment(url, port)));
    server.start();
    try (RecordingReceiver receiver = new RecordingReceiver()) {
      receiver.answer("/fifo", request -> new Answer(200, 2));
      Api api = new Api(URI.create("http://127.0.0.1:" + port + "/"), KEY);
      api.createEndpoint(receiver.url("/fifo"), "*");
      orderAll(url);
      // The registry has the change when nothing goes past the table any more.
      await().until(() -> post(api, -1) && given(url, "deferred_order") > 0);
      for (int i = 0; i < 50; i++) {
        post(api, i);
      }
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> numbers(receiver).size() == 50 && count(url, "deferred") == 0);
      assertThat(numbers(receiver)).isEqualTo(IntStream.range(0, 50).boxed().toList());
    } finally {
      server.stop();
    }
  }

  private Map<String, String> environment(DatabaseUrl url, int port) {
    return Map.of(
        "POSTHASTE_DATABASE_URL",
        "postgresql://%s:%s@%s:%d/%s?sslmode=disable"
            .formatted(url.user(), url.password().reveal(), url.host(), url.port(), url.database()),
        "POSTHASTE_DATA_DIR",
        folder.toString(),
        "POSTHASTE_HTTP_PORT",
        Integer.toString(port),
        "POSTHASTE_HTTP_HOST",
        "127.0.0.1",
        "POSTHASTE_OPERATOR_KEY",
        KEY,
        "POSTHASTE_TARGETS_ALLOW",
        "127.0.0.0/8",
        "POSTHASTE_TARGETS_HTTP",
        "true");
  }

  private static void orderAll(DatabaseUrl url) throws SQLException {
    Sql.execute(url, "UPDATE endpoint SET ordering = 1, ordering_on_failure = 2");
  }

  private static boolean post(Api api, int number) throws Exception {
    JsonObject event =
        new JsonObject().put("type", "t.t").put("data", new JsonObject().put("n", number));
    return api.raw("POST", "/webhooks/v1/events", event).statusCode() == 202;
  }

  /** The numbers that have arrived, in their order. */
  private static List<Integer> numbers(RecordingReceiver receiver) {
    return receiver.received("/fifo").stream()
        .map(one -> new JsonObject(one.body()).getJsonObject("data").getInteger("n"))
        .filter(number -> number >= 0)
        .toList();
  }

  private static int count(DatabaseUrl url, String table) throws SQLException {
    return Integer.parseInt(Sql.column(url, "SELECT count(*) FROM " + table).getFirst());
  }

  /** How many values a sequence has given out. */
  private static int given(DatabaseUrl url, String sequence) throws SQLException {
    return Integer.parseInt(
        Sql.column(url, "SELECT is_called::int * last_value FROM " + sequence).getFirst());
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
