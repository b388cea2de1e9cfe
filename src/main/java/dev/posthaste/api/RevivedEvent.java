package dev.posthaste.api;

import dev.posthaste.contract.Contract;
import dev.posthaste.contract.EventIdScheme;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Event;
import dev.posthaste.event.EventType;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.Validation;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
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
   * Checks that the body has what the event is put together from.
   *
   * @param contract that the endpoint is sent to by
   * @param maxPayloadBytes of the data
   * @throws ProblemException 413 if the data is too large, 422 with all faults
   */
  static void check(ApiCall call, Optional<Contract> contract, int maxPayloadBytes) {
    JsonObject body = call.body();
    List<Fault> faults = new ArrayList<>();
    if (body.getString("eventType") == null) {
      faults.add(
          new Fault(
              "/eventType", "is required with payload: the type is gone with the event, too"));
    }
    contract
        .filter(known -> known.eventIds() == EventIdScheme.DETERMINISTIC)
        .ifPresent(known -> checkId(body, known, faults));
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.invalid(faults));
    }
    int bytes = payload(call).size();
    if (bytes > maxPayloadBytes) {
      throw new ProblemException(
          Problem.tooLarge(
              "payload has " + bytes + " bytes; at most " + maxPayloadBytes + " are taken."));
    }
  }

  /** What the receiver's id is made from. An event that names no resource keeps the one of ours. */
  private static void checkId(JsonObject body, Contract contract, List<Fault> faults) {
    String why =
        "is required with payload: the contract '%s' makes the event's id from it, and without it the"
                .formatted(contract.name())
            + " receiver would see another id";
    if (!body.containsKey("resourceId")) {
      faults.add(new Fault("/resourceId", why + "; null if the event named no resource"));
    }
    boolean isNamed = !body.containsKey("resourceId") || body.getString("resourceId") != null;
    if (isNamed && body.getString("occurredAt") == null) {
      faults.add(new Fault("/occurredAt", why));
    }
  }

  private static Payload payload(ApiCall call) {
    return RawValue.of(call.origin().body(), "payload").orElseThrow();
  }

  /**
   * The event, for the endpoint of the delivery alone, from a body that was checked.
   *
   * @throws ProblemException 422
   */
  static Event of(ApiCall call, DeliveryId old) {
    JsonObject body = call.body();
    return new Event(
        Event.UNNUMBERED,
        call.tenant().id(),
        body.getString("eventType"),
        occurredAt(body, old),
        Optional.ofNullable(body.getString("resourceId")),
        Optional.empty(),
        payload(call),
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
