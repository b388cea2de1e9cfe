package dev.posthaste.api;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.TooManyEndpointsException;
import dev.posthaste.store.UidTakenException;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Create, list, get, patch and delete endpoints. */
final class EndpointActions {
  private final EndpointStore endpoints;
  private final ApiParts parts;
  private final EndpointRules rules;
  private final Refresh refresh;

  EndpointActions(ApiParts parts) {
    this.endpoints = parts.stores().endpoints();
    this.parts = parts;
    this.rules = new EndpointRules(parts.registry(), parts.rules());
    this.refresh = new Refresh(parts.refreshRegistry());
  }

  Map<String, Action> byOperation() {
    return Map.of(
        "createEndpoint", this::create,
        "listEndpoints", this::list,
        "getEndpoint", this::get,
        "updateEndpoint", this::update,
        "deleteEndpoint", this::delete);
  }

  private Future<ApiAnswer> create(ApiCall call) {
    rules.check(call.body(), call.tenant());
    Endpoint endpoint = EndpointForm.create(call, parts.ids().next(), parts.clock().instant());
    rules.checkScopes(endpoint, call.key(), call.tenant());
    SigningSecret secret =
        new SigningSecret(
            Optional.ofNullable(call.body().getString("secret")).orElseGet(SecretForm::generate),
            Optional.empty());
    return endpoints
        .create(endpoint, parts.ids().next(), secret, parts.rules().maxEndpoints())
        .recover(failure -> Future.failedFuture(inWords(failure)))
        .compose(refresh::then)
        .map(
            created ->
                ApiAnswer.created(
                    new JsonObject()
                        .put("endpoint", EndpointView.of(created))
                        .put("signingSecret", secret.text())));
  }

  private Future<ApiAnswer> list(ApiCall call) {
    Optional<Endpoint.Status> status =
        call.text("status").map(code -> Endpoint.Status.valueOf(code.toUpperCase(Locale.ROOT)));
    long below = Cursor.ENDPOINTS.of(call, Long.MAX_VALUE)[0];
    int limit = Page.limit(call);
    return endpoints
        .list(call.tenant().id(), status, below, limit + 1)
        .map(
            rows ->
                Page.of(rows, limit)
                    .answer(
                        "endpoints", EndpointView::of, last -> Cursor.ENDPOINTS.format(last.id())));
  }

  private Future<ApiAnswer> get(ApiCall call) {
    return id(call)
        .compose(id -> endpoints.find(call.tenant().id(), id))
        .map(found -> answer(call, found));
  }

  private Future<ApiAnswer> update(ApiCall call) {
    Tenant tenant = call.tenant();
    rules.check(call.body(), tenant);
    return id(call)
        .compose(id -> endpoints.change(tenant.id(), id, endpoint -> changed(endpoint, call)))
        .recover(failure -> Future.failedFuture(inWords(failure)))
        .compose(refresh::then)
        .map(found -> answer(call, found));
  }

  /** Whoever decides what is sent where must be allowed to see it. */
  private Endpoint changed(Endpoint endpoint, ApiCall call) {
    Endpoint changed = EndpointForm.change(endpoint, call);
    boolean redirects =
        call.body().containsKey("url") || call.body().containsKey("eventTypeFilters");
    if (redirects) {
      rules.checkScopes(changed, call.key(), call.tenant());
    }
    return changed;
  }

  private Future<ApiAnswer> delete(ApiCall call) {
    return id(call)
        .compose(id -> endpoints.delete(call.tenant().id(), id))
        .compose(refresh::then)
        .map(
            wasThere -> {
              if (!wasThere) {
                throw unknown(call.path("id"));
              }
              return ApiAnswer.nothing();
            });
  }

  private Future<Long> id(ApiCall call) {
    return EndpointIds.find(endpoints, call.tenant(), call.path("id"));
  }

  private static ApiAnswer answer(ApiCall call, Optional<Endpoint> found) {
    return found
        .map(endpoint -> ApiAnswer.ok(new JsonObject().put("endpoint", EndpointView.of(endpoint))))
        .orElseThrow(() -> unknown(call.path("id")));
  }

  private static ProblemException unknown(String idOrUid) {
    return EndpointIds.unknown(idOrUid);
  }

  private Throwable inWords(Throwable failure) {
    return switch (failure) {
      case UidTakenException taken ->
          new ProblemException(
              Problem.conflict(
                  "Another endpoint has this uid. Choose another, or change that endpoint."));
      case TooManyEndpointsException full ->
          new ProblemException(
              Problem.invalid(
                  List.of(
                      new Problem.Fault(
                          "",
                          "a tenant may have "
                              + parts.rules().maxEndpoints()
                              + " endpoints, and this one has them: delete one first"))));
      default -> failure;
    };
  }
}
