package dev.posthaste.api;

import dev.posthaste.event.Deferral;
import dev.posthaste.store.ExplainStore.Wait;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/** What a delivery waits for, as a code and in words. */
final class WaitWords {
  private WaitWords() {}

  static JsonObject of(Optional<Wait> wait) {
    return wait.map(WaitWords::of).orElseGet(WaitWords::inMemory);
  }

  private static JsonObject of(Wait wait) {
    return new JsonObject()
        .put("code", wait.reason().name().toLowerCase(Locale.ROOT))
        .put("words", words(wait.reason()))
        .put("until", Times.text(wait.dueAt()))
        .put("underWay", wait.leased());
  }

  private static JsonObject inMemory() {
    return new JsonObject()
        .put("code", "under_way")
        .put(
            "words",
            "A node has it in memory: it is being sent, or waits for its turn. If the node dies,"
                + " another one finds it.")
        .put("until", null)
        .put("underWay", true);
  }

  private static String words(Deferral.Reason reason) {
    return switch (reason) {
      case RETRY -> "The last attempt failed; the next one is made when it is due.";
      case RECOVERED -> "The node that had it died; it was found again and is made when it is due.";
      case LANE_FULL ->
          "Too many deliveries wait for this endpoint in memory; it waits in the database for room.";
      case HELD_TOO_LONG ->
          "The endpoint takes deliveries more slowly than they come; it waits in the database.";
      case MEMORY_FULL ->
          "The node holds as many bytes as it may for this tenant or for all; it waits for room.";
      case BREAKER_OPEN ->
          "The endpoint fails so often that only a probe goes out now and then; it waits until one"
              + " succeeds.";
      case DISABLED -> "The endpoint is disabled; it waits until it is active again.";
      case UNSENDABLE -> "The endpoint cannot be sent to as it is set up; it waits for a change.";
      case ORDER -> "The endpoint wants its deliveries in order; it waits for the ones before it.";
      case REPLAY -> "Somebody asked for it to be made again; it is made when it is due.";
      case OURS -> "Posthaste made it itself; it is made when it is due.";
      case NODE_STOPPED -> "The node that had it stopped; it is made when it is due.";
    };
  }
}
