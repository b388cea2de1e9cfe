package dev.posthaste.loadtest.gatling;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the server said of one event.
 *
 * @param status 202, or what it was refused with; 0 if there was no answer
 * @param id of an accepted event
 */
record Answer(int status, String id) {
  static final int ACCEPTED = 202;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** One for each event of a request. */
  static List<Answer> of(int status, byte[] body, int events) {
    if (status != ACCEPTED) {
      return all(status, events);
    }
    try {
      JsonNode answer = JSON.readTree(body);
      if (!answer.has("results")) {
        return List.of(of(answer));
      }
      List<Answer> each = new ArrayList<>();
      answer.get("results").forEach(result -> each.add(of(result)));
      return each;
    } catch (IOException e) {
      // Cut off on the way: whether the events are accepted nobody knows.
      return all(0, events);
    }
  }

  private static List<Answer> all(int status, int events) {
    return Collections.nCopies(events, new Answer(status, ""));
  }

  private static Answer of(JsonNode result) {
    JsonNode error = result.get("error");
    return error == null
        ? new Answer(ACCEPTED, result.path("id").asText())
        : new Answer(error.path("status").asInt(), "");
  }
}
