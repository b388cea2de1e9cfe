package dev.posthaste.api;

import dev.posthaste.event.EventType;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.CatalogPicture;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.CatalogStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Import whole catalogs, look at them, drop them. */
final class CatalogActions {
  private static final int SHOWN_TENANTS = 5;

  private final CatalogStore catalogs;
  private final Registry registry;
  private final CatalogForm form;

  CatalogActions(Vertx vertx, ApiParts parts) {
    this.catalogs = parts.stores().catalogs();
    this.registry = parts.registry();
    this.form = new CatalogForm(vertx, parts.rules().maxCatalogTypes());
  }

  Map<String, Action> byOperation() {
    return Map.of("listCatalogs", this::list, "getCatalog", this::get);
  }

  Map<String, Change> changes() {
    return Map.of("importCatalog", this::replace, "deleteCatalog", this::delete);
  }

  private Future<ApiAnswer> list(ApiCall call) {
    CatalogPicture all = registry.catalogs();
    JsonArray list = new JsonArray();
    all.names().forEach(name -> list.add(view(all, name)));
    return Future.succeededFuture(ApiAnswer.ok(new JsonObject().put("catalogs", list)));
  }

  private static JsonObject view(CatalogPicture all, String name) {
    return new JsonObject()
        .put("name", name)
        .put("eventTypes", all.named(name).map(Map::size).orElse(0))
        .put("inFiles", all.isInFiles(name))
        .put("changed", all.isChanged(name));
  }

  private Future<ApiAnswer> get(ApiCall call) {
    Map<String, EventType> types =
        registry.catalog(call.path("name")).orElseThrow(() -> unknown(call.path("name")));
    return Future.succeededFuture(ApiAnswer.ok(EventTypeView.of(types.values())));
  }

  private Future<Made> replace(ApiCall call, Unit unit) {
    CatalogStore.Key key = changeable(call, call.path("name"));
    return form.catalog(call)
        .compose(
            types ->
                catalogs
                    .replace(unit, key, types)
                    .map(
                        done ->
                            Made.inRegistry(
                                ApiAnswer.ok(answer(key.name(), types.size())),
                                note("catalog.imported", key.name(), types.size()))));
  }

  private JsonObject answer(String name, int types) {
    return new JsonObject()
        .put(
            "catalog",
            new JsonObject()
                .put("name", name)
                .put("eventTypes", types)
                .put("inFiles", registry.catalogs().isInFiles(name))
                .put("changed", true));
  }

  private Future<Made> delete(ApiCall call, Unit unit) {
    CatalogStore.Key key = changeable(call, call.path("name"));
    return catalogs
        .delete(unit, key)
        .map(
            wasThere -> {
              if (!wasThere) {
                throw notStored(key.name());
              }
              return key;
            })
        .compose(gone -> left(unit, key))
        .map(
            users -> {
              refuseUsed(key.name(), users);
              return Made.inRegistry(ApiAnswer.nothing(), note("catalog.deleted", key.name(), 0));
            });
  }

  /** Tenants that would have no catalog any more, the first of them. A file takes its place. */
  private Future<List<String>> left(Unit unit, CatalogStore.Key key) {
    return registry.catalogs().isInFiles(key.name())
        ? Future.succeededFuture(List.of())
        : catalogs.users(unit, key, SHOWN_TENANTS);
  }

  private static void refuseUsed(String name, List<String> users) {
    if (!users.isEmpty()) {
      throw new ProblemException(
          Problem.impossible(
              "The catalog '%s' is used by %s%s. Give those tenants another one first."
                  .formatted(
                      name,
                      String.join(", ", users),
                      users.size() == SHOWN_TENANTS ? " and perhaps more" : "")));
    }
  }

  private ProblemException notStored(String name) {
    return registry.catalogs().isInFiles(name)
        ? new ProblemException(
            Problem.impossible(
                "The catalog '" + name + "' comes from a file, and nothing was put over it."))
        : unknown(name);
  }

  /**
   * The catalog that an operator may change.
   *
   * @throws ProblemException 409 for our own
   */
  static CatalogStore.Key changeable(ApiCall call, String name) {
    if (name.equals(TenantActions.OPERATIONS)) {
      throw new ProblemException(
          Problem.impossible(
              "The catalog '" + name + "' describes events of Posthaste's own. Choose another."));
    }
    return new CatalogStore.Key(call.key().accountId(), name);
  }

  private static Made.Note note(String action, String name, int types) {
    JsonObject detail = new JsonObject().put("catalog", name);
    return new Made.Note(
        action, name, Optional.empty(), types == 0 ? detail : detail.put("eventTypes", types));
  }

  static ProblemException unknown(String name) {
    return new ProblemException(
        Problem.notFound(
            "There is no catalog '" + name + "'. GET /admin/v1/catalogs lists what there is."));
  }
}
