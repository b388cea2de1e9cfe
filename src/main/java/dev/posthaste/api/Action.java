package dev.posthaste.api;

import io.vertx.core.Future;

/** What a route does. Fails, or throws, with a problem when it cannot. */
@FunctionalInterface
interface Action {
  Future<ApiAnswer> answer(ApiCall call);
}
