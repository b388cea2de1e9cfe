package dev.posthaste.api;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Endpoint;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.DeliveryRecord;
import dev.posthaste.store.DeliveryStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.ReplayStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** Make a delivery again. */
final class ReplayActions {
  private final DeliveryStore deliveries;
  private final EndpointStore endpoints;
  private final ReplayStore replays;

  ReplayActions(ApiParts parts) {
    this.deliveries = parts.stores().deliveries();
    this.endpoints = parts.stores().endpoints();
    this.replays = parts.stores().replays();
  }

  Map<String, Change> changes() {
    return Map.of("replayDelivery", this::replay);
  }

  private Future<Made> replay(ApiCall call, Unit unit) {
    DeliveryId id =
        DeliveryId.parse(call.path("id")).orElseThrow(() -> DeliveryActions.unknown(call));
    long tenant = call.tenant().id();
    return found(call, unit, id)
        .compose(found -> requireOpen(unit, tenant, id.endpointId()))
        .compose(active -> replays.replay(unit, tenant, id))
        .compose(done -> found(call, unit, id))
        .map(
            found ->
                Made.elsewhere(
                    ApiAnswer.accepted(new JsonObject().put("delivery", DeliveryView.of(found))),
                    Made.Note.of("delivery.replayed", id.toString(), new JsonObject())));
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
