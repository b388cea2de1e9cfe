package dev.posthaste.api;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.store.KeyStore;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;

/** A key as answers show it: never its text. */
final class KeyView {
  private KeyView() {}

  static JsonObject of(KeyStore.Listed listed) {
    ApiKey key = listed.key();
    return new JsonObject()
        .put("id", PublicId.KEY.format(key.id()))
        .put("name", key.name())
        .put("operator", key.isOperator())
        .put("tenantId", tenant(key))
        .put(
            "permissions",
            new JsonArray(key.permissions().stream().sorted().map(p -> p.code()).toList()))
        .put(
            "scopes",
            key.scopes().map(s -> new JsonArray(s.stream().sorted().toList())).orElse(null))
        .put("createdAt", Times.text(IdGenerator.millisOf(key.id())))
        .put("expiresAt", Times.textOrNull(key.expiresAt()))
        .put("revokedAt", Times.textOrNull(listed.revokedAt()));
  }

  private static String tenant(ApiKey key) {
    return key.tenantId().isPresent() ? PublicId.TENANT.format(key.tenantId().getAsLong()) : null;
  }
}
