package dev.posthaste.api;

import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.KeyText;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.KeyRing;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.KeyStore;
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
  private final Refresh refresh;
  private final SecureRandom random = new SecureRandom();

  KeyActions(ApiParts parts) {
    this.accounts = parts.stores().accounts();
    this.keys = parts.stores().keys();
    this.parts = parts;
    this.form = new KeyForm(parts.registry(), parts.clock());
    this.refresh = new Refresh(parts.refreshRegistry());
  }

  Map<String, Action> byOperation() {
    return Map.of("createKey", this::create, "listKeys", this::list, "revokeKey", this::revoke);
  }

  private Future<ApiAnswer> create(ApiCall call) {
    form.checkOwner(call.body());
    String text = KeyText.generate(random);
    return owner(call)
        .map(owner -> form.key(call.body(), parts.ids().next(), call.key().accountId(), owner))
        .compose(key -> accounts.createKey(key, KeyRing.hash(text)).map(key))
        .compose(refresh::then)
        .map(
            key ->
                ApiAnswer.created(
                    new JsonObject()
                        .put("key", KeyView.of(new KeyStore.Listed(key, Optional.empty())))
                        .put("secret", text)));
  }

  private Future<Optional<Tenant>> owner(ApiCall call) {
    String tenant = call.body().getString("tenant");
    if (tenant == null) {
      return Future.succeededFuture(Optional.empty());
    }
    return TenantActions.find(accounts, call.key().accountId(), tenant)
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

  private Future<ApiAnswer> revoke(ApiCall call) {
    long id = PublicId.KEY.parse(call.path("id")).orElseThrow(() -> unknown(call));
    return keys.revoke(call.key().accountId(), id)
        .compose(refresh::then)
        .map(
            wasThere -> {
              if (!wasThere) {
                throw unknown(call);
              }
              return ApiAnswer.nothing();
            });
  }

  private static ProblemException unknown(ApiCall call) {
    return new ProblemException(Problem.notFound("There is no key '" + call.path("id") + "'."));
  }
}
