package dev.posthaste.api;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.DeliveryRecord.State;
import dev.posthaste.store.DeliveryStore;
import dev.posthaste.store.DeliveryStore.Filter;
import dev.posthaste.store.DeliveryStore.Window;
import dev.posthaste.store.EndpointStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** List deliveries, and look at one with its attempts. */
final class DeliveryActions {
  private final DeliveryStore deliveries;
  private final EndpointStore endpoints;
  private final EventIds eventIds;

  DeliveryActions(ApiParts parts) {
    this.deliveries = parts.stores().deliveries();
    this.endpoints = parts.stores().endpoints();
    this.eventIds = new EventIds(parts.stores().events());
  }

  Map<String, Action> byOperation() {
    return Map.of("listDeliveries", this::list, "getDelivery", this::get);
  }

  private Future<ApiAnswer> list(ApiCall call) {
    return window(call)
        .compose(
            window ->
                endpoint(call)
                    .compose(id -> deliveries.list(call.tenant().id(), filter(call, id), window)))
        .map(
            found ->
                Page.answer(
                    found,
                    "deliveries",
                    DeliveryView::of,
                    at -> Cursor.DELIVERIES.format(at.eventId(), at.endpointId())));
  }

  private Future<Optional<Long>> endpoint(ApiCall call) {
    return call.text("endpoint_id")
        .map(id -> EndpointIds.find(endpoints, call.tenant(), id).map(Optional::of))
        .orElse(Future.succeededFuture(Optional.empty()));
  }

  private static Filter filter(ApiCall call, Optional<Long> endpointId) {
    return new Filter(
        endpointId,
        call.text("event_type"),
        call.text("status").map(code -> State.valueOf(code.toUpperCase(Locale.ROOT))),
        call.number("http_status"));
  }

  private Future<Window> window(ApiCall call) {
    int limit = Page.limit(call);
    long[] below = Cursor.DELIVERIES.of(call, Window.TOP.eventId(), Window.TOP.endpointId());
    DeliveryId from = new DeliveryId(below[0], below[1]);
    if (call.text("event_id").isPresent()) {
      return eventId(call).map(event -> Window.downFrom(from, event, event, limit));
    }
    TimeRange range = TimeRange.of(call);
    return Future.succeededFuture(Window.downFrom(from, range.lowest(), range.highest(), limit));
  }

  private Future<Long> eventId(ApiCall call) {
    return eventIds
        .find(call.tenant(), call.text("event_id").orElseThrow())
        .map(
            found ->
                found.orElseThrow(
                    () ->
                        TimeRange.invalid(
                            "event_id",
                            "is not the id of an event, evt_…, nor one that an event was posted"
                                + " with and that is still known")));
  }

  private Future<ApiAnswer> get(ApiCall call) {
    DeliveryId id = DeliveryId.parse(call.path("id")).orElseThrow(() -> unknown(call));
    long tenant = call.tenant().id();
    return deliveries
        .find(tenant, id)
        .map(found -> found.orElseThrow(() -> unknown(call)))
        .compose(
            found ->
                deliveries.attempts(tenant, id).map(attempts -> DeliveryView.of(found, attempts)))
        .map(view -> ApiAnswer.ok(new JsonObject().put("delivery", view)));
  }

  static ProblemException unknown(ApiCall call) {
    return new ProblemException(
        Problem.notFound(
            "There is no delivery '" + call.path("id") + "'; it may be past its retention."));
  }
}
