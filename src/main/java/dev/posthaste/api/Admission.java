package dev.posthaste.api;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Caller;
import dev.posthaste.http.Doorkeeper;
import io.vertx.core.MultiMap;
import java.util.Optional;

/**
 * Who may use a route, as its security requirement in the document says: the name of a permission,
 * or {@code operator}. A route without one cannot be served, so none is open by oversight.
 */
@FunctionalInterface
interface Admission {
  String OPERATOR = "operator";

  /** Lets the caller in. */
  Admitted admit(MultiMap headers);

  /**
   * Who was let in.
   *
   * @param ofTenant for whom; none on the routes of operators
   */
  record Admitted(ApiKey key, Optional<Tenant> ofTenant) {}

  /**
   * The way in to a route.
   *
   * @param ofTenant whether a route of operators is about a tenant; all others are
   */
  static Admission of(String role, boolean ofTenant, Doorkeeper doorkeeper) {
    if (role.equals(OPERATOR) && ofTenant) {
      return headers -> of(doorkeeper.admitOperatorFor(headers));
    }
    if (role.equals(OPERATOR)) {
      return headers -> of(doorkeeper.admitOperator(headers));
    }
    ApiKey.Permission permission =
        ApiKey.Permission.of(role)
            .orElseThrow(() -> new IllegalStateException("there is no permission " + role));
    return headers -> of(doorkeeper.admit(headers, permission));
  }

  private static Admitted of(ApiKey operator) {
    return new Admitted(operator, Optional.empty());
  }

  private static Admitted of(Caller caller) {
    return new Admitted(caller.key(), Optional.of(caller.tenant()));
  }
}
