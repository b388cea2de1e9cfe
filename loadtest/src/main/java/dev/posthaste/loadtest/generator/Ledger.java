package dev.posthaste.loadtest.generator;

import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** What was sent when, and which events were accepted when. Belongs to one event loop. */
final class Ledger {
  private final Timeline intended = new Timeline();
  private final Timeline accepted = new Timeline();
  private final Timeline kinds = new Timeline();
  private final Map<Integer, Integer> byStatus = new TreeMap<>();
  private int next;
  private final Map<Integer, Integer> refusals = new TreeMap<>();
  private int unanswered;
  private int brokenOff;
  private long mostLateMicros;

  /**
   * A request whose events have the numbers that follow.
   *
   * @param kind which template it is
   */
  Post send(EventTemplate template, int kind, long intendedMicros, long now) {
    int first = next;
    next += template.events();
    for (int i = first; i < next; i++) {
      intended.setFirst(i, intendedMicros);
      kinds.setFirst(i, kind + 1L);
    }
    mostLateMicros = Math.max(mostLateMicros, now - intendedMicros);
    return new Post(template, first, intendedMicros);
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

  /** Events that were not accepted and will be sent again. */
  void refused(int status, int events) {
    refusals.merge(status, events, Integer::sum);
  }

  /** A connection broke under a request that will be sent again. */
  void brokenOff() {
    brokenOff++;
  }

  private static JsonObject json(Map<Integer, Integer> counts) {
    JsonObject json = new JsonObject();
    counts.forEach((status, count) -> json.put(String.valueOf(status), count));
    return json;
  }

  JsonObject summary() {
    return new JsonObject()
        .put("sent", next)
        .put("statuses", json(byStatus))
        .put("refusals", json(refusals))
        .put("brokenOff", brokenOff)
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
