package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.torture.check.Acceptance;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.stream.IntStream;

/**
 * A request of the publisher, sent again until it is answered with yes.
 *
 * @param first number of its first event
 * @param count more than one goes as a batch
 * @param sentMicros when it was first sent
 */
record Post(int first, int count, long sentMicros) {
  private static final int CASES = 20;
  private static final String PADDING = "x".repeat(200);

  String path() {
    return "/webhooks/v1/events" + (count > 1 ? "/batch" : "");
  }

  String body() {
    return count == 1
        ? event(first).encode()
        : new JsonArray(IntStream.range(first, first + count).mapToObj(Post::event).toList())
            .encode();
  }

  private static JsonObject event(int number) {
    JsonObject data =
        new JsonObject()
            .put("n", number)
            .put("caseId", caseId(number))
            // A pointer into the event and one into its data find the same.
            .put("data", new JsonObject().put("caseId", caseId(number)))
            .put("padding", PADDING);
    return new JsonObject()
        .put("id", "torture-" + number)
        .put("type", Role.eventType(number))
        .put("data", data);
  }

  private static String caseId(int number) {
    return "case-" + number / 7 % CASES;
  }

  Acceptance accepted(int number, String eventId, long atMicros) {
    return new Acceptance(
        number, Role.eventType(number), eventId, caseId(number), sentMicros, atMicros);
  }
}
