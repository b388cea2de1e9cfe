package dev.posthaste.api;

import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.EndpointStore;
import io.vertx.core.Future;
import java.util.OptionalLong;

/** Finds the endpoint that a client names by our id or by its own. */
final class EndpointIds {
  private EndpointIds() {}

  /** Its id. An id of ours is not looked up: also a deleted endpoint has one. */
  static Future<Long> find(EndpointStore endpoints, Tenant tenant, String idOrUid) {
    OptionalLong id = PublicId.ENDPOINT.parse(idOrUid);
    if (id.isPresent()) {
      return Future.succeededFuture(id.getAsLong());
    }
    // PostgreSQL cannot be asked for what its text cannot hold.
    return idOrUid.indexOf('\0') >= 0
        ? Future.failedFuture(unknown(idOrUid))
        : endpoints
            .idOf(tenant.id(), idOrUid)
            .map(found -> found.orElseThrow(() -> unknown(idOrUid)));
  }

  static ProblemException unknown(String idOrUid) {
    return new ProblemException(
        Problem.notFound("There is no endpoint '" + idOrUid + "'; it may have been deleted."));
  }
}
