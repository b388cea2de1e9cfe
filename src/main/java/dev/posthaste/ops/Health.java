package dev.posthaste.ops;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * {@code /health/live}: the process works. {@code /health/ready}: it takes events, so not while it
 * starts or drains, and not without the database. For all event loops.
 */
public final class Health {
  private static final long PATIENCE_MILLIS = 2_000;

  private final Supplier<Future<?>> database;
  private final AtomicBoolean open = new AtomicBoolean();

  /**
   * @param database succeeds if a trivial statement does
   */
  public Health(Supplier<Future<?>> database) {
    this.database = database;
  }

  /** Whether the node takes events; false from the beginning and while it drains. */
  public void open(boolean value) {
    open.set(value);
  }

  /** What was last said of it; from any thread. */
  public boolean isOpen() {
    return open.get();
  }

  public void mount(Router router) {
    router.get("/health/live").handler(context -> answer(context, 200, "up"));
    router.get("/health/ready").handler(this::ready);
  }

  private void ready(RoutingContext context) {
    if (!open.get()) {
      answer(context, 503, "starting or draining");
      return;
    }
    database
        .get()
        .timeout(PATIENCE_MILLIS, TimeUnit.MILLISECONDS)
        .onSuccess(ok -> answer(context, 200, "ready"))
        .onFailure(e -> answer(context, 503, "the database does not answer"));
  }

  private static void answer(RoutingContext context, int status, String word) {
    context
        .response()
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, "application/json")
        .end(new JsonObject().put("status", word).encode());
  }
}
