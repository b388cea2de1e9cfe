package dev.posthaste.api;

import dev.posthaste.event.ApiKey;
import dev.posthaste.http.Caller;
import dev.posthaste.http.Doorkeeper;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;

/**
 * Who may use a route, as its security requirement in the document says: the name of a permission,
 * or {@code operator}. A route without one cannot be served, so none is open by oversight.
 */
@FunctionalInterface
interface Admission {
  String OPERATOR = "operator";

  /** Lets the caller in; without parameters and body yet. */
  ApiCall admit(MultiMap headers);

  static Admission of(String role, Doorkeeper doorkeeper) {
    if (role.equals(OPERATOR)) {
      return headers -> call(doorkeeper.admitOperator(headers));
    }
    ApiKey.Permission permission =
        ApiKey.Permission.of(role)
            .orElseThrow(() -> new IllegalStateException("there is no permission " + role));
    return headers -> call(doorkeeper.admit(headers, permission));
  }

  private static ApiCall call(ApiKey operator) {
    return new ApiCall(operator, Optional.empty(), Map.of(), new JsonObject());
  }

  private static ApiCall call(Caller caller) {
    return new ApiCall(caller.key(), Optional.of(caller.tenant()), Map.of(), new JsonObject());
  }
}
