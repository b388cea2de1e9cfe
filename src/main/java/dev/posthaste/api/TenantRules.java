package dev.posthaste.api;

import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.CatalogStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a tenant must be that a schema cannot say. */
final class TenantRules {
  private static final Pattern CATALOG_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,63}");

  private final Registry registry;
  private final CatalogStore catalogs;
  private final ApiRules rules;

  TenantRules(ApiParts parts) {
    this.registry = parts.registry();
    this.catalogs = parts.stores().catalogs();
    this.rules = parts.rules();
  }

  /**
   * Checks the fields that are given. A catalog that is named stays until the unit ends.
   *
   * <p>Fails with 422 and all faults.
   */
  Future<Void> check(ApiCall call, Unit unit) {
    JsonObject body = call.body();
    List<Fault> faults = new ArrayList<>();
    text(body, "uid")
        .filter(uid -> uid.startsWith("ten_"))
        .ifPresent(
            uid -> faults.add(new Fault("/uid", "must not begin with 'ten_', as our own ids do")));
    text(body, "contract")
        .filter(name -> !rules.contracts().contains(name))
        .ifPresent(
            name -> faults.add(new Fault("/contract", EndpointRules.unknownContract(rules))));
    return hasCatalog(call, unit)
        .map(
            good -> {
              if (!good) {
                faults.add(
                    new Fault(
                        "/catalog",
                        "is not a catalog; there are "
                            + String.join(", ", registry.catalogs().names())));
              }
              if (!faults.isEmpty()) {
                throw new ProblemException(Problem.invalid(faults));
              }
              return null;
            });
  }

  /** One that is not in files may have been made, or dropped, a moment ago and elsewhere. */
  private Future<Boolean> hasCatalog(ApiCall call, Unit unit) {
    Optional<String> name = text(call.body(), "catalog");
    if (name.isEmpty() || registry.catalogs().isInFiles(name.get())) {
      return Future.succeededFuture(true);
    }
    return CATALOG_NAME.matcher(name.get()).matches()
        ? catalogs.hold(unit, new CatalogStore.Key(call.key().accountId(), name.get()))
        : Future.succeededFuture(false);
  }

  private static Optional<String> text(JsonObject body, String name) {
    return Optional.ofNullable(body.getString(name));
  }
}
