package dev.posthaste;

import dev.posthaste.api.ApiDocument;
import dev.posthaste.settings.Settings;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.util.concurrent.TimeUnit;

/**
 * What needs no database, so that it can come up while that does.
 *
 * @param context belongs to no verticle: what is deployed from one is undeployed with it
 * @param document is read in the background, which takes a moment; completes on the context
 */
record Engine(Vertx vertx, Watch watch, Context context, Future<ApiDocument> document) {
  private static final long CLOSE_SECONDS = 10;

  /** Comes up. Blocks. */
  static Engine start(Settings settings) {
    Watch watch = new Watch(settings);
    VertxOptions options =
        new VertxOptions()
            .setPreferNativeTransport(true)
            .setEventLoopPoolSize(settings.http().eventLoopsOrCores());
    return of(watch.vertx(options), watch);
  }

  /** With a Vert.x that is there already. */
  static Engine of(Vertx vertx, Watch watch) {
    Context context = vertx.getOrCreateContext();
    Promise<ApiDocument> document = Promise.promise();
    context.runOnContext(v -> ApiDocument.load(vertx).onComplete(document));
    return new Engine(vertx, watch, context, document.future());
  }

  /** Stops the event loops. Blocks. */
  void stopLoops() {
    vertx.close().timeout(CLOSE_SECONDS, TimeUnit.SECONDS).await();
  }
}
