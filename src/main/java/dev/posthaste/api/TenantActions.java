package dev.posthaste.api;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Add tenants and look at them. */
final class TenantActions {
  private static final String DEFAULT_CONTRACT = "standard";

  private final AccountStore accounts;
  private final ApiParts parts;

  TenantActions(ApiParts parts) {
    this.accounts = parts.stores().accounts();
    this.parts = parts;
  }

  Map<String, Action> byOperation() {
    return Map.of("listTenants", this::list, "getTenant", this::get);
  }

  Map<String, Change> changes() {
    return Map.of("createTenant", this::create);
  }

  private Future<Made> create(ApiCall call, Unit unit) {
    Tenant tenant = tenant(call.body());
    check(tenant);
    return accounts
        .createTenant(unit, call.key().accountId(), tenant)
        .map(
            created -> {
              if (!created) {
                throw new ProblemException(
                    Problem.conflict("A tenant has this uid, or had it and was deleted."));
              }
              return Made.inRegistry(
                  ApiAnswer.created(new JsonObject().put("tenant", view(tenant))),
                  note(tenant, call.body()));
            });
  }

  private static Made.Note note(Tenant tenant, JsonObject body) {
    return new Made.Note(
        "tenant.created",
        PublicId.TENANT.format(tenant.id()),
        Optional.of(tenant.id()),
        Redacted.of(body));
  }

  private Tenant tenant(JsonObject body) {
    return new Tenant(
        parts.ids().next(),
        body.getString("uid"),
        body.getString("name"),
        text(body, "contract").orElse(DEFAULT_CONTRACT),
        text(body, "catalog"),
        text(body, "orgId"),
        text(body, "envId"));
  }

  private static Optional<String> text(JsonObject body, String name) {
    return Optional.ofNullable(body.getString(name));
  }

  private void check(Tenant tenant) {
    List<Fault> faults = new ArrayList<>();
    if (tenant.uid().startsWith("ten_")) {
      faults.add(new Fault("/uid", "must not begin with 'ten_', as our own ids do"));
    }
    if (!parts.rules().contracts().contains(tenant.contract())) {
      faults.add(new Fault("/contract", EndpointRules.unknownContract(parts.rules())));
    }
    if (tenant.catalog().isPresent()
        && parts.registry().catalog(tenant.catalog().get()).isEmpty()) {
      faults.add(new Fault("/catalog", "is not a catalog that is loaded here"));
    }
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.invalid(faults));
    }
  }

  private Future<ApiAnswer> list(ApiCall call) {
    long below = Cursor.TENANTS.of(call, Long.MAX_VALUE)[0];
    int limit = Page.limit(call);
    return accounts
        .tenants(call.key().accountId(), below, limit + 1)
        .map(
            rows ->
                Page.of(rows, limit)
                    .answer(
                        "tenants", TenantActions::view, last -> Cursor.TENANTS.format(last.id())));
  }

  private Future<ApiAnswer> get(ApiCall call) {
    return find(accounts, call.key().accountId(), call.path("id"))
        .map(
            found ->
                found
                    .map(tenant -> ApiAnswer.ok(new JsonObject().put("tenant", view(tenant))))
                    .orElseThrow(
                        () ->
                            new ProblemException(
                                Problem.notFound(
                                    "There is no tenant '" + call.path("id") + "'."))));
  }

  /** The tenant that an operator names by our id or by their own. */
  static Future<Optional<Tenant>> find(AccountStore accounts, long accountId, String idOrUid) {
    return idOrUid.indexOf('\0') >= 0
        ? Future.succeededFuture(Optional.empty())
        : accounts.tenant(accountId, PublicId.TENANT.parse(idOrUid).orElse(0), idOrUid);
  }

  /** The same, as the unit sees it. */
  static Future<Optional<Tenant>> find(
      AccountStore accounts, Unit unit, long accountId, String idOrUid) {
    return idOrUid.indexOf('\0') >= 0
        ? Future.succeededFuture(Optional.empty())
        : accounts.tenant(unit, accountId, PublicId.TENANT.parse(idOrUid).orElse(0), idOrUid);
  }

  private static JsonObject view(Tenant tenant) {
    return new JsonObject()
        .put("id", PublicId.TENANT.format(tenant.id()))
        .put("uid", tenant.uid())
        .put("name", tenant.name())
        .put("contract", tenant.contract())
        .put("catalog", tenant.catalog().orElse(null))
        .put("orgId", tenant.orgId().orElse(null))
        .put("envId", tenant.envId().orElse(null))
        .put("createdAt", Times.text(IdGenerator.millisOf(tenant.id())));
  }
}
