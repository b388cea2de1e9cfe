package dev.posthaste.ingest;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.store.EventLog;
import java.time.Instant;

/**
 * What a publisher is told of an event that is durable.
 *
 * @param repeat whether its key was seen before; then this is about the first one
 */
record Accepted(
    String publicId,
    String type,
    long occurredAtMillis,
    long acceptedAtMillis,
    int deliveries,
    boolean repeat) {

  static Accepted repeatOf(EventLog.Original first, String publicId) {
    return new Accepted(
        publicId,
        first.type(),
        first.occurredAtMillis(),
        IdGenerator.millisOf(first.id()),
        first.targets(),
        true);
  }

  /** Types hold nothing that JSON would escape, ids at most these two; see {@link EventFields}. */
  void appendJson(StringBuilder out) {
    out.append("{\"event\":{\"id\":\"")
        .append(publicId.replace("\\", "\\\\").replace("\"", "\\\""))
        .append("\",\"type\":\"")
        .append(type)
        .append("\",\"occurredAt\":\"")
        .append(Instant.ofEpochMilli(occurredAtMillis))
        .append("\",\"acceptedAt\":\"")
        .append(Instant.ofEpochMilli(acceptedAtMillis))
        .append("\"},\"deliveries\":")
        .append(deliveries)
        .append(",\"duplicate\":")
        .append(repeat)
        .append('}');
  }

  /** As {@link PublicId#EVENT} writes it. */
  static String publicId(long id) {
    return PublicId.EVENT.format(id);
  }
}
