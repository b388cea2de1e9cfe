package dev.posthaste.api;

import dev.posthaste.event.EventType;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.CatalogStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Look at one event type of a catalog, put one in, take one out. */
final class EventTypeActions {
  private final CatalogStore catalogs;
  private final Registry registry;
  private final CatalogForm form;
  private final int maxTypes;

  EventTypeActions(Vertx vertx, ApiParts parts) {
    this.catalogs = parts.stores().catalogs();
    this.registry = parts.registry();
    this.maxTypes = parts.rules().maxCatalogTypes();
    this.form = new CatalogForm(vertx, maxTypes);
  }

  Map<String, Action> byOperation() {
    return Map.of("getEventType", this::get);
  }

  Map<String, Change> changes() {
    return Map.of("putEventType", this::put, "deleteEventType", this::delete);
  }

  private Future<ApiAnswer> get(ApiCall call) {
    EventType type = find(call, catalogOf(call)).orElseThrow(() -> unknown(call));
    return Future.succeededFuture(ApiAnswer.ok(EventTypeView.one(type)));
  }

  private Future<Made> put(ApiCall call, Unit unit) {
    CatalogStore.Key catalog = CatalogActions.changeable(call, catalogOf(call));
    checkRoom(call, catalog.name());
    return form.entry(call)
        .compose(type -> catalogs.put(unit, catalog, type).map(type))
        .map(
            type ->
                Made.inRegistry(
                    ApiAnswer.ok(EventTypeView.one(type)),
                    note("event_type.put", call, catalog.name())));
  }

  /** As this node sees it: those who add at the same moment may go over it by one each. */
  private void checkRoom(ApiCall call, String catalog) {
    boolean isFull = registry.catalog(catalog).filter(all -> all.size() >= maxTypes).isPresent();
    if (isFull && find(call, catalog).isEmpty()) {
      throw new ProblemException(
          Problem.impossible(
              "A catalog may have %d event types, and '%s' has them. Delete one first."
                  .formatted(maxTypes, catalog)));
    }
  }

  private Future<Made> delete(ApiCall call, Unit unit) {
    CatalogStore.Key catalog = CatalogActions.changeable(call, catalogOf(call));
    if (find(call, catalog.name()).isEmpty()) {
      throw unknown(call);
    }
    return catalogs
        .hide(unit, catalog, call.path("type"))
        .map(
            done ->
                Made.inRegistry(
                    ApiAnswer.nothing(), note("event_type.deleted", call, catalog.name())));
  }

  private Optional<EventType> find(ApiCall call, String catalog) {
    return registry.catalog(catalog).map(types -> types.get(call.path("type")));
  }

  /** The one that is named, or that of the tenant. */
  private static String catalogOf(ApiCall call) {
    return call.text("catalog")
        .or(() -> call.tenant().catalog())
        .orElseThrow(
            () ->
                new ProblemException(
                    Problem.invalid(
                        List.of(
                            new Fault(
                                "/query/catalog",
                                "is required: the tenant '"
                                    + call.tenant().uid()
                                    + "' has no catalog")))));
  }

  private static Made.Note note(String action, ApiCall call, String catalog) {
    JsonObject detail = new JsonObject().put("catalog", catalog);
    for (String field : List.of("stability", "scope", "resource")) {
      if (call.body().containsKey(field)) {
        detail.put(field, call.body().getValue(field));
      }
    }
    return Made.Note.of(action, catalog + "/" + call.path("type"), detail);
  }

  private static ProblemException unknown(ApiCall call) {
    return new ProblemException(
        Problem.notFound(
            "The catalog has no event type '" + call.path("type") + "', or there is none."));
  }
}
