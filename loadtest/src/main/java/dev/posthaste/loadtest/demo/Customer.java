package dev.posthaste.loadtest.demo;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Optional;

/** A tenant of the demo; its contract, its catalog and its uid have the same name. */
enum Customer {
  CASEDEV(Optional.empty()),
  AGENTPOST(Optional.of("org_demo")),
  OFFLOAD(Optional.empty());

  private final Optional<String> orgId;

  Customer(Optional<String> orgId) {
    this.orgId = orgId;
  }

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  JsonObject asTenant() {
    JsonObject tenant =
        new JsonObject()
            .put("uid", code())
            .put("name", "Demo of " + code())
            .put("contract", code())
            .put("catalog", code());
    orgId.ifPresent(org -> tenant.put("orgId", org).put("envId", "env_demo"));
    return tenant;
  }
}
