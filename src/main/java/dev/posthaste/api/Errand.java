package dev.posthaste.api;

import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * What a route does outside of the database, where nothing can be rolled back: first a look at what
 * it needs, then the way.
 */
@FunctionalInterface
interface Errand {
  /** Fails, or throws, with a problem when it cannot be done; then nothing has happened. */
  Future<Ready> prepare(ApiCall call, Unit unit);

  /**
   * It can begin.
   *
   * @param longest after which it is surely over
   */
  record Ready(Duration longest, Supplier<Future<ApiAnswer>> go) {}
}
