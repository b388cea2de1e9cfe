package dev.posthaste.loadtest.torture;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** The other side: a path per endpoint, on one event loop of its own. */
final class TortureReceiver implements AutoCloseable {
  private final Vertx vertx =
      Vertx.builder()
          .with(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true))
          .build();
  private final Map<String, Inbox> inboxes = new LinkedHashMap<>();
  private final AtomicLong arrivals = new AtomicLong();
  private final HttpServer server;

  TortureReceiver(List<Role> roles, RunClock clock) {
    roles.forEach(role -> inboxes.put(role.name(), new Inbox(role, clock)));
    server =
        vertx
            .createHttpServer()
            // A node that is killed resets its connections: that is what the run is for.
            .connectionHandler(connection -> connection.exceptionHandler(reset -> {}))
            .requestHandler(request -> request.body().onSuccess(body -> take(request, body)))
            .listen(0, "127.0.0.1")
            .await();
  }

  String url(Role role) {
    return "http://127.0.0.1:" + server.actualPort() + "/" + role.name();
  }

  Inbox inbox(Role role) {
    return inboxes.get(role.name());
  }

  /** Attempts that came, of all endpoints. From any thread. */
  long arrivals() {
    return arrivals.get();
  }

  private void take(HttpServerRequest request, Buffer body) {
    arrivals.incrementAndGet();
    Inbox inbox = inboxes.get(request.path().substring(1));
    switch (inbox.take(request, body.getBytes())) {
      case TAKE -> answer(request, inbox.role().manner().delayMillis());
      case REFUSE -> request.response().setStatusCode(500).end("not now");
      case HANG -> {}
      case RESET -> request.connection().close();
    }
  }

  private void answer(HttpServerRequest request, int delayMillis) {
    if (delayMillis == 0) {
      request.response().setStatusCode(204).end();
    } else {
      vertx.setTimer(delayMillis, timer -> request.response().setStatusCode(204).end());
    }
  }

  /** Nothing comes any more afterwards, and every thread may read the inboxes. */
  void stop() {
    server.close().await();
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
