package dev.posthaste.api;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Event;
import dev.posthaste.event.EventType;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.Validation;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An event that is past its retention, put together anew from what the client still knows of it: of
 * what was stored, only its id is left, which the id of the delivery holds.
 */
final class RevivedEvent {
  private RevivedEvent() {}

  /** Whether a body speaks of such an event. */
  static boolean isAskedFor(JsonObject body) {
    return body.containsKey("payload");
  }

  /**
   * The event, for the endpoint of the delivery alone.
   *
   * @throws ProblemException 422 with all faults
   */
  static Event of(ApiCall call, DeliveryId old) {
    JsonObject body = call.body();
    if (body.getString("eventType") == null) {
      throw invalid("/eventType", "is required with payload: the type is gone with the event, too");
    }
    return new Event(
        Event.UNNUMBERED,
        call.tenant().id(),
        body.getString("eventType"),
        occurredAt(body, old),
        Optional.ofNullable(body.getString("resourceId")),
        Optional.empty(),
        RawValue.of(call.origin().body(), "payload").orElseThrow(),
        Optional.empty(),
        List.of(old.endpointId()),
        Optional.empty(),
        OptionalLong.of(old.eventId()));
  }

  /** Checks the type as it is checked when an event comes. */
  static void checkType(Tenant tenant, Event event, Optional<EventType> known) {
    if (tenant.validation() == Validation.REJECT
        && tenant.catalog().isPresent()
        && known.isEmpty()) {
      throw invalid(
          "/eventType",
          "'%s' is not in the catalog '%s' of the tenant"
              .formatted(event.type(), tenant.catalog().get()));
    }
  }

  /** If nobody knows, the time at which it was accepted, which its id tells. */
  private static long occurredAt(JsonObject body, DeliveryId old) {
    String text = body.getString("occurredAt");
    if (text == null) {
      return IdGenerator.millisOf(old.eventId());
    }
    try {
      return OffsetDateTime.parse(text).toInstant().toEpochMilli();
    } catch (DateTimeException | ArithmeticException e) {
      throw invalid("/occurredAt", "must be a time such as 2026-01-31T12:00:00Z");
    }
  }

  private static ProblemException invalid(String pointer, String message) {
    return new ProblemException(Problem.invalid(List.of(new Fault(pointer, message))));
  }
}
