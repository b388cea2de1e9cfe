package dev.posthaste.api;

import dev.posthaste.store.EndpointStore;
import io.vertx.core.Future;

/** The endpoint that a path names, if it is there and the tenant's own. */
final class OwnEndpoint {
  private OwnEndpoint() {}

  static Future<Long> find(EndpointStore endpoints, ApiCall call) {
    String name = call.path("id");
    return EndpointIds.find(endpoints, call.tenant(), name)
        .compose(id -> endpoints.find(call.tenant().id(), id))
        .map(found -> found.orElseThrow(() -> EndpointIds.unknown(name)).id());
  }
}
