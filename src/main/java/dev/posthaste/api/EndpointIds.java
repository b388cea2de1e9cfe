package dev.posthaste.api;

import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/** Finds the endpoint that a client names by our id or by its own. */
final class EndpointIds {
  private EndpointIds() {}

  /** Its id. An id of ours is not looked up: also a deleted endpoint has one. */
  static Future<Long> find(EndpointStore endpoints, Tenant tenant, String idOrUid) {
    return find(idOrUid, uid -> endpoints.idOf(tenant.id(), uid));
  }

  /** The same, as the unit sees it. */
  static Future<Long> find(EndpointStore endpoints, ApiCall call, Unit unit) {
    String idOrUid = call.path("id");
    return find(idOrUid, uid -> endpoints.idOf(unit, call.tenant().id(), uid));
  }

  private static Future<Long> find(String idOrUid, Function<String, Future<Optional<Long>>> byUid) {
    OptionalLong id = PublicId.ENDPOINT.parse(idOrUid);
    if (id.isPresent()) {
      return Future.succeededFuture(id.getAsLong());
    }
    // PostgreSQL cannot be asked for what its text cannot hold.
    return idOrUid.indexOf('\0') >= 0
        ? Future.failedFuture(unknown(idOrUid))
        : byUid.apply(idOrUid).map(found -> found.orElseThrow(() -> unknown(idOrUid)));
  }

  static ProblemException unknown(String idOrUid) {
    return new ProblemException(
        Problem.notFound("There is no endpoint '" + idOrUid + "'; it may have been deleted."));
  }
}
