package dev.posthaste.api;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.TenantGoneException;
import dev.posthaste.store.TooManyEndpointsException;
import dev.posthaste.store.UidTakenException;
import dev.posthaste.store.Unit;
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
  private final SecretRules secrets;

  EndpointActions(ApiParts parts) {
    this.endpoints = parts.stores().endpoints();
    this.parts = parts;
    this.rules = new EndpointRules(parts.registry(), parts.rules());
    this.secrets = new SecretRules(parts.sending().contracts());
  }

  Map<String, Action> byOperation() {
    return Map.of("listEndpoints", this::list, "getEndpoint", this::get);
  }

  Map<String, Change> changes() {
    return Map.of(
        "createEndpoint", this::create,
        "updateEndpoint", this::update,
        "deleteEndpoint", this::delete);
  }

  private Future<Made> create(ApiCall call, Unit unit) {
    rules.check(call.body(), call.tenant());
    Endpoint endpoint = EndpointForm.create(call, parts.ids().next(), parts.clock().instant());
    rules.checkScopes(endpoint, call.key(), call.tenant());
    SigningSecret secret =
        secrets.next(call.body(), endpoint, call.tenant(), SigningAlgorithm.HMAC_SHA256);
    return endpoints
        .create(unit, endpoint, parts.ids().next(), secret, parts.rules().maxEndpoints())
        .recover(failure -> Future.failedFuture(inWords(failure)))
        .map(
            created ->
                Made.inRegistry(
                    ApiAnswer.created(
                        new JsonObject()
                            .put("endpoint", EndpointView.of(created))
                            .put("signingSecret", secret.text())),
                    note("endpoint.created", created.id(), call)));
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
        .map(found -> answer(found.orElseThrow(() -> unknown(call.path("id")))));
  }

  private Future<Made> update(ApiCall call, Unit unit) {
    Tenant tenant = call.tenant();
    rules.check(call.body(), tenant);
    return EndpointIds.find(endpoints, call, unit)
        .compose(id -> endpoints.change(unit, tenant.id(), id, endpoint -> changed(endpoint, call)))
        .recover(failure -> Future.failedFuture(inWords(failure)))
        .map(found -> found.orElseThrow(() -> unknown(call.path("id"))))
        .map(
            changed ->
                Made.inRegistry(answer(changed), note("endpoint.updated", changed.id(), call)));
  }

  private static Made.Note note(String action, long id, ApiCall call) {
    return Made.Note.of(action, PublicId.ENDPOINT.format(id), call.body());
  }

  /** Whoever decides what is sent where must be allowed to see it. */
  private Endpoint changed(Endpoint endpoint, ApiCall call) {
    Endpoint changed = EndpointForm.change(endpoint, call);
    boolean redirects =
        call.body().containsKey("url") || call.body().containsKey("eventTypeFilters");
    if (redirects) {
      rules.checkScopes(changed, call.key(), call.tenant());
    }
    if (call.body().containsKey("contract")) {
      secrets.check(changed, call.tenant());
    }
    return changed;
  }

  private Future<Made> delete(ApiCall call, Unit unit) {
    return EndpointIds.find(endpoints, call, unit)
        .compose(
            id ->
                endpoints
                    .delete(unit, call.tenant().id(), id)
                    .map(
                        wasThere -> {
                          if (!wasThere) {
                            throw unknown(call.path("id"));
                          }
                          return Made.inRegistry(
                              ApiAnswer.nothing(), note("endpoint.deleted", id, call));
                        }));
  }

  private Future<Long> id(ApiCall call) {
    return EndpointIds.find(endpoints, call.tenant(), call.path("id"));
  }

  private static ApiAnswer answer(Endpoint endpoint) {
    return ApiAnswer.ok(new JsonObject().put("endpoint", EndpointView.of(endpoint)));
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
      case TenantGoneException gone ->
          new ProblemException(Problem.notFound("The tenant was deleted."));
      default -> failure;
    };
  }
}
