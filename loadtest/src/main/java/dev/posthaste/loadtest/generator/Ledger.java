package dev.posthaste.loadtest.generator;

import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;

/** What was sent when, and which events were accepted when. Belongs to one event loop. */
final class Ledger {
  private final Timeline intended = new Timeline();
  private final Timeline accepted = new Timeline();
  private final Timeline kinds = new Timeline();
  private final TreeMap<Integer, Integer> byStatus = new TreeMap<>();
  private int next;
  private int unanswered;
  private long mostLateMicros;

  /** Takes the numbers of the events of a request; gives the first. */
  int send(int events, int kind, long intendedMicros, long now) {
    int first = next;
    next += events;
    for (int i = first; i < next; i++) {
      intended.setFirst(i, intendedMicros);
      kinds.setFirst(i, kind + 1L);
    }
    mostLateMicros = Math.max(mostLateMicros, now - intendedMicros);
    return first;
  }

  void accepted(int number, long now) {
    accepted.setFirst(number, now);
    count(202, 1);
  }

  /** Events that were not accepted. */
  void count(int status, int events) {
    byStatus.merge(status, events, Integer::sum);
  }

  /** A connection broke: nobody knows what became of them. */
  void unanswered(int events) {
    unanswered += events;
  }

  JsonObject summary() {
    JsonObject statuses = new JsonObject();
    byStatus.forEach((status, count) -> statuses.put(String.valueOf(status), count));
    return new JsonObject()
        .put("sent", next)
        .put("statuses", statuses)
        .put("unanswered", unanswered)
        .put("mostLateMicros", mostLateMicros);
  }

  void write(Path folder) throws IOException {
    Files.write(folder.resolve("intended.bin"), intended.toBytes());
    Files.write(folder.resolve("accepted.bin"), accepted.toBytes());
    // Not times, but the number of its kind and one more.
    Files.write(folder.resolve("kinds.bin"), kinds.toBytes());
  }
}
