package dev.posthaste.api;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.KeyText;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.KeyRing;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.KeyStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Make, list and revoke keys. */
final class KeyActions {
  private final AccountStore accounts;
  private final KeyStore keys;
  private final ApiParts parts;
  private final KeyForm form;
  private final SecureRandom random = new SecureRandom();

  KeyActions(ApiParts parts) {
    this.accounts = parts.stores().accounts();
    this.keys = parts.stores().keys();
    this.parts = parts;
    this.form = new KeyForm(parts.registry(), parts.clock());
  }

  Map<String, Action> byOperation() {
    return Map.of("listKeys", this::list);
  }

  Map<String, Change> changes() {
    return Map.of("createKey", this::create, "revokeKey", this::revoke);
  }

  private Future<Made> create(ApiCall call, Unit unit) {
    form.checkOwner(call.body());
    String text = KeyText.generate(random);
    return owner(call, unit)
        .map(owner -> form.key(call.body(), parts.ids().next(), call.key().accountId(), owner))
        .compose(key -> accounts.createKey(unit, key, KeyRing.hash(text)).map(key))
        .map(
            key ->
                Made.inRegistry(
                    ApiAnswer.created(
                        new JsonObject()
                            .put("key", KeyView.of(new KeyStore.Listed(key, Optional.empty())))
                            .put("secret", text)),
                    note("key.created", key, call)));
  }

  private static Made.Note note(String action, ApiKey key, ApiCall call) {
    return new Made.Note(
        action,
        PublicId.KEY.format(key.id()),
        key.tenantId().isPresent() ? Optional.of(key.tenantId().getAsLong()) : Optional.empty(),
        Redacted.of(call.body()).put("name", key.name()));
  }

  private Future<Optional<Tenant>> owner(ApiCall call, Unit unit) {
    String tenant = call.body().getString("tenant");
    if (tenant == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return TenantActions.find(accounts, unit, call.key().accountId(), tenant)
        .map(
            found -> {
              if (found.isEmpty()) {
                throw new ProblemException(
                    Problem.invalid(
                        List.of(new Fault("/tenant", "is not a tenant; create it first"))));
              }
              return found;
            });
  }

  private Future<ApiAnswer> list(ApiCall call) {
    long below = Cursor.KEYS.of(call, Long.MAX_VALUE)[0];
    int limit = Page.limit(call);
    return keys.list(call.key().accountId(), below, limit + 1)
        .map(
            rows ->
                Page.of(rows, limit)
                    .answer("keys", KeyView::of, last -> Cursor.KEYS.format(last.key().id())));
  }

  private Future<Made> revoke(ApiCall call, Unit unit) {
    long id = PublicId.KEY.parse(call.path("id")).orElseThrow(() -> unknown(call));
    return keys.revoke(unit, call.key().accountId(), id)
        .map(found -> found.orElseThrow(() -> unknown(call)))
        .map(key -> Made.inRegistry(ApiAnswer.nothing(), note("key.revoked", key, call)));
  }

  private static ProblemException unknown(ApiCall call) {
    return new ProblemException(Problem.notFound("There is no key '" + call.path("id") + "'."));
  }
}
