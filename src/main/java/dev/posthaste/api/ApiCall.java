package dev.posthaste.api;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Tenant;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * A request that was let in and is what the document asks for.
 *
 * @param ofTenant for whom; none on the routes of operators
 * @param parameters of path and query, by name
 * @param body empty where the route takes none
 * @param origin where it came from
 */
record ApiCall(
    ApiKey key,
    Optional<Tenant> ofTenant,
    Map<String, Object> parameters,
    JsonObject body,
    Origin origin) {

  Tenant tenant() {
    return ofTenant.orElseThrow();
  }

  /** A parameter of the path. */
  String path(String name) {
    return (String) parameters.get(name);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable((String) parameters.get(name));
  }

  Optional<Integer> number(String name) {
    return Optional.ofNullable((Number) parameters.get(name)).map(Number::intValue);
  }
}
