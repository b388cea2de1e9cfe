package dev.posthaste.api;

import dev.posthaste.contract.Contract;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.DeliveryRecord;
import dev.posthaste.store.DeliveryStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.ReplayStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Make a delivery again. */
final class ReplayActions {
  static final String OPERATION = "replayDelivery";

  private final DeliveryStore deliveries;
  private final EndpointStore endpoints;
  private final ReplayStore replays;
  private final ApiParts parts;

  ReplayActions(ApiParts parts) {
    this.deliveries = parts.stores().deliveries();
    this.endpoints = parts.stores().endpoints();
    this.replays = parts.stores().replays();
    this.parts = parts;
  }

  Map<String, Change> changes() {
    return Map.of(OPERATION, this::replay);
  }

  private Future<Made> replay(ApiCall call, Unit unit) {
    DeliveryId id =
        DeliveryId.parse(call.path("id")).orElseThrow(() -> DeliveryActions.unknown(call));
    return deliveries
        .find(unit, call.tenant().id(), id)
        .compose(found -> found.isPresent() ? again(call, unit, id) : anew(call, unit, id));
  }

  private Future<Made> again(ApiCall call, Unit unit, DeliveryId id) {
    if (RevivedEvent.isAskedFor(call.body())) {
      throw new ProblemException(
          Problem.invalid(
              List.of(
                  new Fault(
                      "/payload",
                      "must be left out: the event is still kept, and its own data is sent"))));
    }
    long tenant = call.tenant().id();
    return requireOpen(unit, tenant, id.endpointId())
        .compose(active -> replays.replay(unit, tenant, id))
        .compose(done -> found(call, unit, id))
        .map(
            found ->
                Made.elsewhere(
                    ApiAnswer.accepted(new JsonObject().put("delivery", DeliveryView.of(found))),
                    Made.Note.of("delivery.replayed", id.toString(), new JsonObject())));
  }

  /** The event is gone: with its data it can be put together anew, for this one endpoint. */
  private Future<Made> anew(ApiCall call, Unit unit, DeliveryId id) {
    if (DirectTarget.is(id.endpointId()) && isPastRetention(id)) {
      throw new ProblemException(
          Problem.impossible(
              "The destination of this delivery went with its event, which is past its retention."
                  + " Post a new event with its clientWebhookUrl."));
    }
    return endpoints
        .find(unit, call.tenant().id(), id.endpointId())
        .map(
            endpoint ->
                endpoint
                    .filter(mine -> isPastRetention(id))
                    .orElseThrow(() -> DeliveryActions.unknown(call)))
        .compose(ReplayActions::requireActive)
        .map(active -> revived(call, id, active))
        .compose(event -> replays.revive(unit, event))
        .compose(made -> found(call, unit, new DeliveryId(made, id.endpointId())))
        .map(found -> anew(found, id));
  }

  private boolean isPastRetention(DeliveryId id) {
    Instant kept = parts.clock().instant().minus(parts.rules().retention());
    return IdGenerator.millisOf(id.eventId()) < kept.toEpochMilli();
  }

  private Event revived(ApiCall call, DeliveryId id, Endpoint endpoint) {
    if (!RevivedEvent.isAskedFor(call.body())) {
      throw new ProblemException(
          Problem.notFound(
              "The event of this delivery is past its retention. To deliver it once more, send its"
                  + " data as payload, with its eventType."));
    }
    RevivedEvent.check(call, contractOf(call, endpoint), parts.rules().maxPayloadBytes());
    Event event = RevivedEvent.of(call, id);
    RevivedEvent.checkType(
        call.tenant(), event, parts.registry().eventType(call.tenant(), event.type()));
    return event;
  }

  private Optional<Contract> contractOf(ApiCall call, Endpoint endpoint) {
    return parts
        .sending()
        .contracts()
        .named(endpoint.contract().orElseGet(() -> call.tenant().contract()));
  }

  private static Made anew(DeliveryRecord made, DeliveryId old) {
    return Made.elsewhere(
        ApiAnswer.accepted(
            new JsonObject()
                .put("delivery", DeliveryView.of(made))
                .put(
                    "standsFor",
                    new JsonObject()
                        .put("deliveryId", old.toString())
                        .put("eventId", PublicId.EVENT.format(old.eventId())))),
        Made.Note.of(
            "delivery.replayed",
            old.toString(),
            new JsonObject().put("delivery", made.id().toString())));
  }

  private Future<DeliveryRecord> found(ApiCall call, Unit unit, DeliveryId id) {
    return deliveries
        .find(unit, call.tenant().id(), id)
        .map(found -> found.orElseThrow(() -> DeliveryActions.unknown(call)));
  }

  /** Nobody can disable the destination that an event brought. */
  private Future<?> requireOpen(Unit unit, long tenant, long endpointId) {
    return DirectTarget.is(endpointId)
        ? Future.succeededFuture()
        : endpoints
            .find(unit, tenant, endpointId)
            .map(endpoint -> endpoint.orElseThrow(ReplayActions::deleted))
            .compose(endpoint -> requireActive(endpoint));
  }

  private static Future<Endpoint> requireActive(Endpoint endpoint) {
    return endpoint.status() == Endpoint.Status.ACTIVE
        ? Future.succeededFuture(endpoint)
        : Future.failedFuture(
            new ProblemException(
                Problem.conflict(
                    "The endpoint is disabled: set its status to active, then ask again.")));
  }

  private static ProblemException deleted() {
    return new ProblemException(
        Problem.conflict("The endpoint of this delivery was deleted: there is nowhere to send."));
  }
}
