package dev.posthaste.api;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.Validation;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Makes a tenant from a checked body, and shows it. What a body leaves out stays; null clears. */
final class TenantForm {
  private static final String DEFAULT_CONTRACT = "standard";

  private final JsonObject body;

  private TenantForm(JsonObject body) {
    this.body = body;
  }

  static Tenant create(JsonObject body, long id) {
    Tenant blank =
        new Tenant(
            id,
            body.getString("uid"),
            "",
            DEFAULT_CONTRACT,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    return change(blank, body);
  }

  static Tenant change(Tenant base, JsonObject body) {
    return new TenantForm(body).apply(base);
  }

  private Tenant apply(Tenant base) {
    return new Tenant(
        base.id(),
        base.uid(),
        body.getString("name", base.name()),
        text("contract", Optional.of(base.contract())).orElse(DEFAULT_CONTRACT),
        text("catalog", base.catalog()),
        text("orgId", base.orgId()),
        text("envId", base.envId()),
        text("validation", Optional.of(base.validation().code()))
            .map(Validation::ofCode)
            .orElse(Validation.REJECT),
        metadata(base));
  }

  private Optional<String> text(String name, Optional<String> before) {
    return body.containsKey(name) ? Optional.ofNullable(body.getString(name)) : before;
  }

  private Map<String, String> metadata(Tenant base) {
    if (!body.containsKey("metadata")) {
      return base.metadata();
    }
    Map<String, String> given = new LinkedHashMap<>();
    if (body.getJsonObject("metadata") != null) {
      body.getJsonObject("metadata")
          .forEach(entry -> given.put(entry.getKey(), (String) entry.getValue()));
    }
    return given;
  }

  static JsonObject view(Tenant tenant) {
    return new JsonObject()
        .put("id", PublicId.TENANT.format(tenant.id()))
        .put("uid", tenant.uid())
        .put("name", tenant.name())
        .put("contract", tenant.contract())
        .put("catalog", tenant.catalog().orElse(null))
        .put("orgId", tenant.orgId().orElse(null))
        .put("envId", tenant.envId().orElse(null))
        .put("validation", tenant.validation().code())
        .put("createdAt", Times.text(IdGenerator.millisOf(tenant.id())))
        .put("metadata", new JsonObject(new TreeMap<>(tenant.metadata())));
  }
}
