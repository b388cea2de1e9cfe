package dev.posthaste.api;

import dev.posthaste.contract.VerificationKey;
import dev.posthaste.event.PublicId;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.KeptSecret;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/** Show the public keys by which receivers can verify what an endpoint gets. */
final class PublicKeyActions {
  private final EndpointStore endpoints;

  PublicKeyActions(ApiParts parts) {
    this.endpoints = parts.stores().endpoints();
  }

  Map<String, Action> byOperation() {
    return Map.of("listPublicKeys", this::list);
  }

  private Future<ApiAnswer> list(ApiCall call) {
    return EndpointIds.find(endpoints, call.tenant(), call.path("id"))
        .compose(id -> endpoints.secrets(call.tenant().id(), id))
        .map(found -> found.orElseThrow(() -> EndpointIds.unknown(call.path("id"))))
        .map(PublicKeyActions::answer);
  }

  private static ApiAnswer answer(List<KeptSecret> secrets) {
    JsonArray keys = new JsonArray();
    for (KeptSecret secret : secrets) {
      VerificationKey.of(secret.secret().text())
          .ifPresent(
              key ->
                  keys.add(
                      new JsonObject()
                          .put("id", PublicId.SIGNING_KEY.format(secret.id()))
                          .put("algorithm", SigningAlgorithm.ED25519.code())
                          .put("key", key)
                          .put("createdAt", Times.text(secret.createdAt()))
                          .put("validUntil", Times.textOrNull(secret.secret().validUntil()))));
    }
    return ApiAnswer.ok(new JsonObject().put("publicKeys", keys));
  }
}
