package dev.posthaste.ingest;

import dev.posthaste.event.Payload;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * An event as it was posted: checked for form, not yet for its tenant's rules, without an id.
 *
 * @param tenant the tenant that the body names, by id or uid
 * @param key the publisher's own id
 * @param occurredAtMillis milliseconds since 1970; now, if none is given
 * @param data the value byte for byte
 * @param directUrl a destination of its own
 */
record Draft(
    Optional<String> tenant,
    String type,
    Optional<String> key,
    OptionalLong occurredAtMillis,
    Optional<String> resourceId,
    Payload data,
    Optional<String> directUrl) {
  Draft withKey(Optional<String> newKey) {
    return new Draft(tenant, type, newKey, occurredAtMillis, resourceId, data, directUrl);
  }
}
