package dev.posthaste.support;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.function.Supplier;

/** One event loop, used from the thread of a test: for what belongs to one loop. */
public final class Loop {
  private final Context context;

  public Loop(Vertx vertx) {
    this.context = vertx.getOrCreateContext();
  }

  /** Begins work on the loop. */
  public <T> Future<T> start(Supplier<Future<T>> work) {
    Promise<T> promise = Promise.promise();
    context.runOnContext(
        v -> Future.<Void>succeededFuture().compose(x -> work.get()).onComplete(promise));
    return promise.future();
  }

  /** Works on the loop and waits for the value. */
  public <T> T run(Supplier<Future<T>> work) {
    return Await.value(start(work));
  }

  /** Looks at something on the loop. */
  public <T> T get(Supplier<T> look) {
    return run(() -> Future.succeededFuture(look.get()));
  }
}
