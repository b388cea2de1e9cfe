package dev.posthaste.api;

import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;

/** Give a tenant a new secret for the destinations that its events bring. */
final class DirectSecretActions {
  private static final int DEFAULT_OVERLAP_SECONDS = 86_400;

  private final DirectSecrets secrets;

  DirectSecretActions(ApiParts parts) {
    this.secrets = new DirectSecrets(parts);
  }

  Map<String, Change> changes() {
    return Map.of("rotateDirectSecret", this::rotate);
  }

  private Future<Made> rotate(ApiCall call, Unit unit) {
    return secrets
        .rotate(unit, call.tenant(), overlap(call))
        .map(rotated -> answer(call.tenant(), rotated));
  }

  private static Duration overlap(ApiCall call) {
    return Duration.ofSeconds(
        call.body().getInteger("previousSecretExpiresInSec", DEFAULT_OVERLAP_SECONDS));
  }

  private static Made answer(Tenant tenant, DirectSecrets.Rotated rotated) {
    String previousEnds = Times.textOrNull(rotated.othersEnd());
    return Made.inRegistry(
        ApiAnswer.ok(
            new JsonObject()
                .put("signingSecret", rotated.secret().text())
                .put("previousSecretExpiresAt", previousEnds)),
        Made.Note.of(
            "tenant.direct_secret_rotated",
            PublicId.TENANT.format(tenant.id()),
            new JsonObject().put("previousSecretExpiresAt", previousEnds)));
  }
}
