package dev.posthaste.ops;

import dev.posthaste.http.RequestGate;
import dev.posthaste.store.StartException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.util.function.Consumer;

/** The HTTP server for operators alone. One per process; up before the node joins. */
public final class ManagementVerticle extends VerticleBase {
  private final String host;
  private final int port;
  private final Consumer<Router> routes;

  /**
   * @param routes adds what is served
   */
  public ManagementVerticle(String host, int port, Consumer<Router> routes) {
    this.host = host;
    this.port = port;
    this.routes = routes;
  }

  @Override
  public Future<?> start() {
    Router router = Router.router(vertx);
    routes.accept(router);
    return vertx
        .createHttpServer(new HttpServerOptions().setHost(host).setPort(port))
        .requestHandler(new RequestGate(router))
        .listen()
        .recover(e -> Future.failedFuture(cannotListen(e)));
  }

  private StartException cannotListen(Throwable cause) {
    return new StartException(
        "Cannot listen on %s:%d (%s): stop what listens there, or set POSTHASTE_HTTP_MANAGEMENT_PORT"
            .formatted(host, port, cause.getMessage()));
  }
}
