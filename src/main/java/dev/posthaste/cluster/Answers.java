package dev.posthaste.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;

/** Brings answers of other event loops back to who has asked. */
final class Answers {
  private Answers() {}

  /**
   * The same answer on this context. Without that, what follows runs where the answer was given:
   * timers that are set and connections that are opened there belong to the verticle that gave it,
   * and end with it.
   */
  static <T> Future<T> on(Context context, Future<T> answer) {
    Promise<T> back = Promise.promise();
    answer.onComplete((value, failure) -> context.runOnContext(v -> back.complete(value, failure)));
    return back.future();
  }
}
