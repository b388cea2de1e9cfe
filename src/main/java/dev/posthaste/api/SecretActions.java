package dev.posthaste.api;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.SecretStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Give an endpoint a new signing secret. */
final class SecretActions {
  private static final int DEFAULT_OVERLAP_SECONDS = 86_400;

  private final EndpointStore endpoints;
  private final SecretStore secrets;
  private final SecretRules rules;
  private final ApiParts parts;

  SecretActions(ApiParts parts) {
    this.endpoints = parts.stores().endpoints();
    this.secrets = parts.stores().secrets();
    this.rules = new SecretRules(parts.sending().contracts());
    this.parts = parts;
  }

  Map<String, Change> changes() {
    return Map.of("rotateSecret", this::rotate);
  }

  private Future<Made> rotate(ApiCall call, Unit unit) {
    SecretRules.fault(call.body())
        .ifPresent(
            fault -> {
              throw new ProblemException(Problem.invalid(List.of(fault)));
            });
    return find(call, unit)
        .compose(
            before -> {
              SigningAlgorithm same = SigningAlgorithm.ofSecret(before.secrets().getFirst().text());
              SigningSecret secret = rules.next(call.body(), before, call.tenant(), same);
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
            new JsonObject()
                .put("previousSecretExpiresAt", previousEnds)
                .put("signingAlgorithm", SigningAlgorithm.ofSecret(secret.text()).code())));
  }
}
