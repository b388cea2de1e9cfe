package dev.posthaste.api;

import dev.posthaste.event.PublicId;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.TenantSecretStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** Give a tenant a new secret for the destinations that its events bring. */
final class DirectSecretActions {
  private static final int DEFAULT_OVERLAP_SECONDS = 86_400;

  private final TenantSecretStore secrets;
  private final ApiParts parts;

  DirectSecretActions(ApiParts parts) {
    this.secrets = parts.stores().secrets().ofTenants();
    this.parts = parts;
  }

  Map<String, Change> changes() {
    return Map.of("rotateDirectSecret", this::rotate);
  }

  private Future<Made> rotate(ApiCall call, Unit unit) {
    Tenant tenant = call.tenant();
    return secrets
        .hold(unit, tenant.id())
        .compose(held -> held ? secrets.current(unit, tenant.id()) : gone(tenant))
        .map(DirectSecretActions::next)
        .compose(
            secret ->
                secrets
                    .rotate(unit, tenant.id(), parts.ids().next(), secret, overlap(call))
                    .map(ends -> answer(tenant, secret, ends)));
  }

  private static SigningSecret next(Optional<String> before) {
    SigningAlgorithm algorithm =
        before.map(SigningAlgorithm::ofSecret).orElse(SigningAlgorithm.HMAC_SHA256);
    return new SigningSecret(SecretForm.generate(algorithm), Optional.empty());
  }

  private static Duration overlap(ApiCall call) {
    return Duration.ofSeconds(
        call.body().getInteger("previousSecretExpiresInSec", DEFAULT_OVERLAP_SECONDS));
  }

  private static Future<Optional<String>> gone(Tenant tenant) {
    return Future.failedFuture(
        new ProblemException(
            Problem.notFound("There is no tenant '" + tenant.uid() + "'; it was deleted.")));
  }

  private static Made answer(Tenant tenant, SigningSecret secret, Optional<Instant> ends) {
    String previousEnds = Times.textOrNull(ends);
    return Made.inRegistry(
        ApiAnswer.ok(
            new JsonObject()
                .put("signingSecret", secret.text())
                .put("previousSecretExpiresAt", previousEnds)),
        Made.Note.of(
            "tenant.direct_secret_rotated",
            PublicId.TENANT.format(tenant.id()),
            new JsonObject().put("previousSecretExpiresAt", previousEnds)));
  }
}
