package dev.posthaste.api;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.SecretStore;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Give an endpoint a new signing secret. */
final class SecretActions {
  private static final int DEFAULT_OVERLAP_SECONDS = 86_400;

  private final EndpointStore endpoints;
  private final SecretStore secrets;
  private final ApiParts parts;
  private final Refresh refresh;

  SecretActions(ApiParts parts) {
    this.endpoints = parts.stores().endpoints();
    this.secrets = parts.stores().secrets();
    this.parts = parts;
    this.refresh = new Refresh(parts.refreshRegistry());
  }

  Map<String, Action> byOperation() {
    return Map.of("rotateSecret", this::rotate);
  }

  private Future<ApiAnswer> rotate(ApiCall call) {
    return find(call)
        .compose(
            before -> {
              SigningSecret secret =
                  new SigningSecret(
                      SecretForm.generateLike(before.secrets().getFirst().text()),
                      Optional.empty());
              return secrets
                  .rotate(
                      before.tenantId(),
                      before.id(),
                      parts.ids().next(),
                      secret,
                      Duration.ofSeconds(
                          call.body()
                              .getInteger("previousSecretExpiresInSec", DEFAULT_OVERLAP_SECONDS)))
                  .map(ends -> ends.orElseThrow(() -> EndpointIds.unknown(call.path("id"))))
                  .compose(refresh::then)
                  .compose(ends -> find(call).map(after -> answer(after, secret, ends)));
            });
  }

  private Future<Endpoint> find(ApiCall call) {
    return EndpointIds.find(endpoints, call.tenant(), call.path("id"))
        .compose(id -> endpoints.find(call.tenant().id(), id))
        .map(found -> found.orElseThrow(() -> EndpointIds.unknown(call.path("id"))));
  }

  private static ApiAnswer answer(Endpoint endpoint, SigningSecret secret, Instant ends) {
    return ApiAnswer.ok(
        new JsonObject()
            .put("endpoint", EndpointView.of(endpoint))
            .put("signingSecret", secret.text())
            .put("previousSecretExpiresAt", Times.text(ends)));
  }
}
