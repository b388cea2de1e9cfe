package dev.posthaste.api;

import dev.posthaste.store.Unit;
import io.vertx.core.Future;

/**
 * What a route changes, as one unit with its record in the audit log and with the answer that is
 * kept for repeats. Fails, or throws, with a problem when it cannot; then nothing has happened. May
 * ask stores only through the unit.
 */
@FunctionalInterface
interface Change {
  Future<Made> make(ApiCall call, Unit unit);
}
