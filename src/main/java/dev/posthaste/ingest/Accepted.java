package dev.posthaste.ingest;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Timestamps;
import dev.posthaste.http.Problem;
import dev.posthaste.store.EventLog;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;

/**
 * What a publisher is told of an event that is durable.
 *
 * @param repeat whether its key was seen before; then this is about the first one
 * @param warnings what its tenant wanted to be told of
 */
record Accepted(
    String publicId,
    String type,
    long occurredAtMillis,
    long acceptedAtMillis,
    int deliveries,
    boolean repeat,
    List<Problem.Fault> warnings) {

  static Accepted repeatOf(EventLog.Original first, String publicId) {
    return new Accepted(
        publicId,
        first.type(),
        first.occurredAtMillis(),
        IdGenerator.millisOf(first.id()),
        first.targets(),
        true,
        List.of());
  }

  /** Types hold nothing that JSON would escape, ids at most these two; see {@link EventFields}. */
  void appendJson(StringBuilder out) {
    out.append("{\"event\":{\"id\":\"")
        .append(publicId.replace("\\", "\\\\").replace("\"", "\\\""))
        .append("\",\"type\":\"")
        .append(type)
        .append("\",\"occurredAt\":\"")
        .append(Timestamps.iso(occurredAtMillis))
        .append("\",\"acceptedAt\":\"")
        .append(Timestamps.iso(acceptedAtMillis))
        .append("\"},\"deliveries\":")
        .append(deliveries)
        .append(",\"duplicate\":")
        .append(repeat);
    if (!warnings.isEmpty()) {
      appendWarnings(out);
    }
    out.append('}');
  }

  private void appendWarnings(StringBuilder out) {
    JsonArray shown = new JsonArray();
    warnings.forEach(
        fault ->
            shown.add(
                new JsonObject().put("pointer", fault.pointer()).put("message", fault.message())));
    out.append(",\"warnings\":").append(shown.encode());
  }

  /** As {@link PublicId#EVENT} writes it. */
  static String publicId(long id) {
    return PublicId.EVENT.format(id);
  }
}
