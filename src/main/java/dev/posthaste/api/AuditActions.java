package dev.posthaste.api;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.AuditLog;
import dev.posthaste.store.AuditLog.Entry;
import dev.posthaste.store.AuditLog.Filter;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Read who changed what. */
final class AuditActions {
  private final AuditLog audit;
  private final AccountStore accounts;
  private final Registry registry;

  AuditActions(ApiParts parts) {
    this.audit = parts.changing().audit();
    this.accounts = parts.stores().accounts();
    this.registry = parts.registry();
  }

  Map<String, Action> byOperation() {
    return Map.of("listAudit", this::list);
  }

  private Future<ApiAnswer> list(ApiCall call) {
    long below = Cursor.AUDIT.of(call, Long.MAX_VALUE)[0];
    int limit = Page.limit(call);
    return tenant(call)
        .map(tenant -> new Filter(tenant, call.text("action"), call.text("subject")))
        .compose(filter -> audit.list(call.key().accountId(), filter, below, limit + 1))
        .map(
            rows ->
                Page.of(rows, limit)
                    .answer("audit", AuditActions::view, last -> Cursor.AUDIT.format(last.id())));
  }

  private Future<Optional<Long>> tenant(ApiCall call) {
    Optional<String> named = call.text("tenant");
    return named.isEmpty()
        ? Future.succeededFuture(Optional.empty())
        : TenantActions.find(accounts, call.key().accountId(), named.get())
            .map(
                found ->
                    Optional.of(
                        found
                            .or(() -> former(named.get()))
                            .orElseThrow(() -> unknown("/query/tenant", "is no tenant"))
                            .id()));
  }

  /** What was done to a tenant outlasts it. */
  private Optional<Tenant> former(String id) {
    return registry.formerTenant(PublicId.TENANT.parse(id).orElse(0));
  }

  private static ProblemException unknown(String pointer, String message) {
    return new ProblemException(Problem.invalid(List.of(new Fault(pointer, message))));
  }

  private static String keyId(long id) {
    return id == AuditLog.Actor.NO_KEY ? null : PublicId.KEY.format(id);
  }

  private static JsonObject view(Entry entry) {
    return new JsonObject()
        .put("id", PublicId.AUDIT.format(entry.id()))
        .put("at", Times.text(IdGenerator.millisOf(entry.id())))
        .put(
            "key",
            new JsonObject()
                .put("id", keyId(entry.actor().keyId()))
                .put("name", entry.actor().keyName()))
        .put("tenantId", entry.tenantId().map(PublicId.TENANT::format).orElse(null))
        .put("action", entry.action())
        .put("subject", entry.subject())
        .put("detail", entry.detail())
        .put("requestId", entry.actor().requestId().orElse(null))
        .put("address", entry.actor().address().orElse(null));
  }
}
