package dev.posthaste.event;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One accepted fact of a tenant. Never changes.
 *
 * @param id made by {@link IdGenerator}; its time is when the event was accepted; {@link
 *     #UNNUMBERED} until then
 * @param tenantId whose event it is
 * @param type a name such as {@code vault.ingest.completed}
 * @param occurredAtMillis when it happened, as the publisher says; milliseconds since 1970
 * @param resourceId the resource it is about, where the publisher named one
 * @param key the publisher's own id of the event, by which repeats are recognised
 * @param data the JSON value that was posted as {@code data}, byte for byte
 * @param trace where it stands in the trace of the request that brought it
 * @param targets ids of the endpoints that matched when it was accepted, and that of {@link
 *     DirectTarget} if it brought a destination
 * @param directUrl the destination that it brought itself, besides the endpoints
 * @param standsFor the id of the event that this one was made for, since that one is past its
 *     retention
 */
public record Event(
    long id,
    long tenantId,
    String type,
    long occurredAtMillis,
    Optional<String> resourceId,
    Optional<String> key,
    Payload data,
    Optional<TraceContext> trace,
    List<Long> targets,
    Optional<String> directUrl,
    OptionalLong standsFor) {
  /** The id of an event of our own that is not stored yet. */
  public static final long UNNUMBERED = 0;

  /** One that goes to endpoints alone, and stands for itself. */
  public Event(
      long id,
      long tenantId,
      String type,
      long occurredAtMillis,
      Optional<String> resourceId,
      Optional<String> key,
      Payload data,
      Optional<TraceContext> trace,
      List<Long> targets) {
    this(
        id,
        tenantId,
        type,
        occurredAtMillis,
        resourceId,
        key,
        data,
        trace,
        targets,
        Optional.empty(),
        OptionalLong.empty());
  }

  /** The id that receivers see. */
  public long shownId() {
    return standsFor.orElse(id);
  }
}
