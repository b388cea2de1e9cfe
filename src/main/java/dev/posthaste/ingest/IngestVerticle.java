package dev.posthaste.ingest;

import dev.posthaste.http.Problem;
import dev.posthaste.store.StartException;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.IntConsumer;

/**
 * The HTTP server of one event loop. The two hot routes are told apart before the router, which
 * costs more than everything else that a small event needs.
 */
public final class IngestVerticle extends VerticleBase {
  private final HttpServerOptions options;
  private final Function<Vertx, Future<Intake>> open;
  private final BiFunction<Vertx, Router, Future<Handler<HttpServerRequest>>> others;
  private final IntConsumer onListening;
  private final Closing closing;
  private HttpServer server;
  private Intake intake;
  private Handler<HttpServerRequest> router;

  /**
   * @param open makes the way in for this loop
   * @param others adds every other route to the router of this loop, and says what to hand requests
   *     to
   * @param onListening told the port
   * @param closing how it ends
   */
  public IngestVerticle(
      HttpServerOptions options,
      Function<Vertx, Future<Intake>> open,
      BiFunction<Vertx, Router, Future<Handler<HttpServerRequest>>> others,
      IntConsumer onListening,
      Closing closing) {
    this.options = options;
    this.open = open;
    this.others = others;
    this.onListening = onListening;
    this.closing = closing;
  }

  /**
   * How a server ends.
   *
   * @param soon whether it will; from any thread
   * @param graceMillis how long a stop waits for requests that are under way
   */
  public record Closing(BooleanSupplier soon, long graceMillis) {}

  @Override
  public Future<?> start() {
    return open.apply(vertx)
        .onSuccess(opened -> intake = opened)
        .compose(opened -> others.apply(vertx, Router.router(vertx)))
        .compose(this::listen);
  }

  private Future<HttpServer> listen(Handler<HttpServerRequest> mounted) {
    router = mounted;
    server =
        vertx
            .createHttpServer(options)
            .requestHandler(this::route)
            .invalidRequestHandler(IngestVerticle::invalid);
    return server
        .listen()
        .recover(e -> Future.failedFuture(cannotListen(e)))
        .onSuccess(up -> onListening.accept(up.actualPort()));
  }

  private StartException cannotListen(Throwable cause) {
    return new StartException(
        "Cannot listen on %s:%d (%s): stop what listens there, or set POSTHASTE_HTTP_PORT"
            .formatted(options.getHost(), options.getPort(), cause.getMessage()));
  }

  private void route(HttpServerRequest request) {
    if (closing.soon.getAsBoolean()) {
      sayLast(request);
    }
    if (request.method().equals(HttpMethod.POST) && request.path().equals(EventRoutes.ONE)) {
      intake.routes().one(request);
    } else if (request.method().equals(HttpMethod.POST)
        && request.path().equals(EventRoutes.BATCH)) {
      intake.routes().batch(request);
    } else {
      router.handle(request);
    }
  }

  /**
   * Its answer is the last one of its connection, and says so: who went on using the connection
   * would some day write a request just while it is closed, and could not know what became of it.
   * One that becomes a WebSocket is told in its own way.
   */
  private void sayLast(HttpServerRequest request) {
    if (!request.headers().contains(HttpHeaders.UPGRADE)) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
      request.connection().shutdown(closing.graceMillis, TimeUnit.MILLISECONDS);
    }
  }

  private static void invalid(HttpServerRequest request) {
    Problem.badRequest("This is not HTTP that can be understood: check headers and request line.")
        .send(request.response(), "");
    request.connection().close();
  }

  /** Ends what is under way, then leaves the port. */
  @Override
  public Future<?> stop() {
    return (server == null
            ? Future.succeededFuture()
            : server.shutdown(closing.graceMillis, TimeUnit.MILLISECONDS))
        .eventually(() -> intake == null ? Future.succeededFuture() : intake.close());
  }
}
