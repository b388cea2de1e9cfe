package dev.posthaste.api;

import dev.posthaste.event.Event;
import dev.posthaste.event.EventType;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.DeliveryRecord;
import dev.posthaste.store.DeliveryStore;
import dev.posthaste.store.DeliveryStore.Filter;
import dev.posthaste.store.DeliveryStore.Window;
import dev.posthaste.store.EventStore;
import dev.posthaste.store.Looked;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** Look at an event, and at the catalog. */
final class EventActions {
  /** More than an event can have, also after recoveries have added to its targets. */
  private static final int ALL = Integer.MAX_VALUE - 1;

  private final Registry registry;
  private final EventStore events;
  private final EventIds eventIds;
  private final DeliveryStore deliveries;

  EventActions(ApiParts parts) {
    this.registry = parts.registry();
    this.events = parts.stores().events();
    this.eventIds = new EventIds(events);
    this.deliveries = parts.stores().deliveries();
  }

  Map<String, Action> byOperation() {
    return Map.of("getEvent", this::get, "listEventTypes", this::types);
  }

  private Future<ApiAnswer> get(ApiCall call) {
    return eventIds
        .find(call.tenant(), call.path("id"))
        .map(found -> found.orElseThrow(() -> unknown(call)))
        .compose(id -> events.find(call.tenant().id(), id))
        .map(found -> found.orElseThrow(() -> unknown(call)))
        .compose(event -> deliveriesOf(event).map(list -> ApiAnswer.ok(EventView.of(event, list))));
  }

  private Future<List<DeliveryRecord>> deliveriesOf(Event event) {
    return deliveries
        .list(event.tenantId(), Filter.NONE, Window.ofEvent(event.id(), ALL))
        .map(Looked::rows);
  }

  private static ProblemException unknown(ApiCall call) {
    return new ProblemException(
        Problem.notFound(
            "There is no event '"
                + call.path("id")
                + "'. It may be past its retention; an id of your own is known for as long as"
                + " repeats are recognised."));
  }

  private Future<ApiAnswer> types(ApiCall call) {
    Map<String, EventType> catalog =
        call.tenant().catalog().flatMap(registry::catalog).orElse(Map.of());
    return Future.succeededFuture(ApiAnswer.ok(EventTypeView.of(catalog.values())));
  }
}
