package dev.posthaste.api;

import io.vertx.core.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets this node see a change before the client hears of it. */
final class Refresh {
  private static final Logger LOG = LoggerFactory.getLogger(Refresh.class);

  private final Supplier<Future<Void>> registry;

  Refresh(Supplier<Future<Void>> registry) {
    this.registry = registry;
  }

  /**
   * Hands the result on when the change is seen. The change is committed, so the answer must be
   * good also if it is not: the secret in it is shown only once, and the feed brings it later.
   */
  <T> Future<T> then(T result) {
    return Future.<Void>succeededFuture()
        .compose(v -> registry.get())
        .recover(
            failure -> {
              LOG.warn("a change is committed but not yet seen here: {}", failure.toString());
              return Future.succeededFuture();
            })
        .map(result);
  }
}
