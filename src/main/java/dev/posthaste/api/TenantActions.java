package dev.posthaste.api;

import dev.posthaste.event.PublicId;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.TenantStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Add, change and delete tenants, and look at them. */
final class TenantActions {
  /** The tenant, and the catalog, of events of Posthaste's own. */
  static final String OPERATIONS = "operations";

  private static final Set<String> LASTING = Set.of(Doorkeeper.DEFAULT_TENANT, OPERATIONS);

  private final AccountStore accounts;
  private final TenantStore tenants;
  private final TenantRules rules;
  private final DirectSecrets secrets;
  private final ApiParts parts;

  TenantActions(ApiParts parts) {
    this.accounts = parts.stores().accounts();
    this.tenants = parts.stores().tenants();
    this.rules = new TenantRules(parts);
    this.secrets = new DirectSecrets(parts);
    this.parts = parts;
  }

  Map<String, Action> byOperation() {
    return Map.of("listTenants", this::list, "getTenant", this::get);
  }

  Map<String, Change> changes() {
    return Map.of(
        "createTenant", this::create,
        "updateTenant", this::update,
        "deleteTenant", this::delete);
  }

  private Future<Made> create(ApiCall call, Unit unit) {
    Tenant tenant = TenantForm.create(call.body(), parts.ids().next());
    return rules
        .check(call, unit)
        .compose(good -> accounts.createTenant(unit, call.key().accountId(), tenant))
        .map(
            created -> {
              if (!created) {
                throw new ProblemException(
                    Problem.conflict(
                        "A tenant has this uid. Choose another, or change that tenant."));
              }
              return Made.inRegistry(
                  ApiAnswer.created(new JsonObject().put("tenant", TenantForm.view(tenant))),
                  note("tenant.created", tenant, call));
            });
  }

  private Future<Made> update(ApiCall call, Unit unit) {
    return tenants
        .change(
            unit,
            name(call),
            before -> rules.check(call, unit).map(good -> TenantForm.change(before, call.body())))
        .map(found -> found.orElseThrow(() -> unknown(call)))
        .compose(
            changed ->
                secrets
                    .arrived(unit, changed.before(), changed.after())
                    .map(secret -> changed(call, changed.after(), secret)));
  }

  private static Made changed(ApiCall call, Tenant tenant, Optional<SigningSecret> secret) {
    JsonObject shown = new JsonObject().put("tenant", TenantForm.view(tenant));
    Made.Note note = note("tenant.updated", tenant, call);
    secret.ifPresent(
        made -> {
          shown.put("signingSecret", made.text());
          note.detail().put("directSecretMade", true);
        });
    return Made.inRegistry(ApiAnswer.ok(shown), note);
  }

  private Future<Made> delete(ApiCall call, Unit unit) {
    return tenants
        .delete(unit, name(call), TenantActions::mayGo)
        .map(found -> found.orElseThrow(() -> unknown(call)))
        .map(gone -> Made.inRegistry(ApiAnswer.nothing(), note("tenant.deleted", gone, call)));
  }

  private static Tenant mayGo(Tenant tenant) {
    if (LASTING.contains(tenant.uid())) {
      throw new ProblemException(
          Problem.impossible(
              "The tenant '" + tenant.uid() + "' is always there and cannot be deleted."));
    }
    return tenant;
  }

  /** PostgreSQL cannot be asked for what its text cannot hold. */
  private static TenantStore.Name name(ApiCall call) {
    String idOrUid = call.path("id");
    if (idOrUid.indexOf('\0') >= 0) {
      throw unknown(call);
    }
    return new TenantStore.Name(
        call.key().accountId(), PublicId.TENANT.parse(idOrUid).orElse(0), idOrUid);
  }

  private static Made.Note note(String action, Tenant tenant, ApiCall call) {
    return new Made.Note(
        action,
        PublicId.TENANT.format(tenant.id()),
        Optional.of(tenant.id()),
        Redacted.of(call.body()));
  }

  private static ApiAnswer answer(Tenant tenant) {
    return ApiAnswer.ok(new JsonObject().put("tenant", TenantForm.view(tenant)));
  }

  private static ProblemException unknown(ApiCall call) {
    return new ProblemException(Problem.notFound("There is no tenant '" + call.path("id") + "'."));
  }

  private Future<ApiAnswer> list(ApiCall call) {
    long below = Cursor.TENANTS.of(call, Long.MAX_VALUE)[0];
    int limit = Page.limit(call);
    return accounts
        .tenants(call.key().accountId(), below, limit + 1)
        .map(
            rows ->
                Page.of(rows, limit)
                    .answer("tenants", TenantForm::view, last -> Cursor.TENANTS.format(last.id())));
  }

  private Future<ApiAnswer> get(ApiCall call) {
    return find(accounts, call.key().accountId(), call.path("id"))
        .map(found -> answer(found.orElseThrow(() -> unknown(call))));
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
}
