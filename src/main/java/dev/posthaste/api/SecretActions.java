package dev.posthaste.api;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.SecretStore;
import dev.posthaste.store.Unit;
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

  SecretActions(ApiParts parts) {
    this.endpoints = parts.stores().endpoints();
    this.secrets = parts.stores().secrets();
    this.parts = parts;
  }

  Map<String, Change> changes() {
    return Map.of("rotateSecret", this::rotate);
  }

  private Future<Made> rotate(ApiCall call, Unit unit) {
    return find(call, unit)
        .compose(
            before -> {
              SigningSecret secret =
                  new SigningSecret(
                      SecretForm.generateLike(before.secrets().getFirst().text()),
                      Optional.empty());
              return secrets
                  .rotate(unit, before, parts.ids().next(), secret, overlap(call))
                  .map(ends -> ends.orElseThrow(() -> EndpointIds.unknown(call.path("id"))))
                  .compose(ends -> find(call, unit).map(after -> answer(after, secret, ends)));
            });
  }

  private static Duration overlap(ApiCall call) {
    return Duration.ofSeconds(
        call.body().getInteger("previousSecretExpiresInSec", DEFAULT_OVERLAP_SECONDS));
  }

  private Future<Endpoint> find(ApiCall call, Unit unit) {
    return EndpointIds.find(endpoints, call, unit)
        .compose(id -> endpoints.find(unit, call.tenant().id(), id))
        .map(found -> found.orElseThrow(() -> EndpointIds.unknown(call.path("id"))));
  }

  private static Made answer(Endpoint endpoint, SigningSecret secret, Instant ends) {
    String previousEnds = Times.text(ends);
    return Made.inRegistry(
        ApiAnswer.ok(
            new JsonObject()
                .put("endpoint", EndpointView.of(endpoint))
                .put("signingSecret", secret.text())
                .put("previousSecretExpiresAt", previousEnds)),
        Made.Note.of(
            "endpoint.secret_rotated",
            PublicId.ENDPOINT.format(endpoint.id()),
            new JsonObject().put("previousSecretExpiresAt", previousEnds)));
  }
}
