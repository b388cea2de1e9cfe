package dev.posthaste.api;

import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * A change that was made, if the unit is committed.
 *
 * @param answer to the client
 * @param note for the audit log; none if nothing was changed after all
 * @param inRegistry whether it is of what every node has in memory: tenants, keys, endpoints
 */
record Made(ApiAnswer answer, Optional<Note> note, boolean inRegistry) {

  /**
   * What was done to what.
   *
   * @param action such as {@code endpoint.created}
   * @param subject the public id of what was changed
   * @param tenantId whose it is, where the route is not of a tenant
   * @param detail without secrets
   */
  record Note(String action, String subject, Optional<Long> tenantId, JsonObject detail) {
    /** Of something that belongs to the tenant of the call. */
    static Note of(String action, String subject, JsonObject body) {
      return new Note(action, subject, Optional.empty(), Redacted.of(body));
    }
  }

  static Made inRegistry(ApiAnswer answer, Note note) {
    return new Made(answer, Optional.of(note), true);
  }

  static Made elsewhere(ApiAnswer answer, Note note) {
    return new Made(answer, Optional.of(note), false);
  }

  static Made nothing(ApiAnswer answer) {
    return new Made(answer, Optional.empty(), false);
  }
}
