package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.Sql;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, from the post of an event to its arrival in order. */
@ExtendWith(PostgresExtension.class)
class OrderedEndpointTest {
  @TempDir Path folder;

  @Test
  void eventsArriveInTheOrderInWhichTheyWereAccepted(@PerTest DatabaseUrl url) throws Exception {
    try (RunningServer server = new RunningServer(url, folder, Map.of());
        RecordingReceiver receiver = new RecordingReceiver()) {
      receiver.answer("/fifo", request -> new Answer(200, 2));
      Api api = server.api();
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
    }
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
}
