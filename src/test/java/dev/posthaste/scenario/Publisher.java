package dev.posthaste.scenario;

import dev.posthaste.support.ServerProcess;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** Posts events without pause and remembers each one that was answered with 202. */
final class Publisher implements AutoCloseable {
  private static final int PAUSE_MILLIS = 20;

  private final Vertx vertx = Vertx.vertx();
  private final WebClient client =
      WebClient.create(vertx, new WebClientOptions().setConnectTimeout(1_000));
  private final URI target;
  private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
  private final AtomicLong numbers = new AtomicLong();
  private volatile boolean stopped;

  Publisher(URI target, int writers) {
    this.target = target;
    for (int i = 0; i < writers; i++) {
      post();
    }
  }

  Set<String> acknowledged() {
    return acknowledged;
  }

  private void post() {
    if (stopped) {
      return;
    }
    long number = numbers.incrementAndGet();
    JsonObject event =
        new JsonObject()
            .put("type", "load.tick")
            .put("id", number % 3 == 0 ? "tick-" + number : null)
            .put("data", new JsonObject().put("n", number).put("padding", "x".repeat(300)));
    client
        .postAbs(target.toString())
        .timeout(10_000)
        .bearerTokenAuthentication(ServerProcess.KEY)
        .sendJsonObject(event)
        .onSuccess(this::answered)
        .onFailure(e -> vertx.setTimer(PAUSE_MILLIS, timer -> post()));
  }

  private void answered(HttpResponse<Buffer> answer) {
    if (answer.statusCode() == 202) {
      acknowledged.add(answer.bodyAsJsonObject().getJsonObject("event").getString("id"));
      post();
    } else {
      vertx.setTimer(PAUSE_MILLIS, timer -> post());
    }
  }

  /** No more posts are started; those under way may still be answered. */
  void stop() {
    stopped = true;
  }

  @Override
  public void close() {
    stop();
    vertx.close().await();
  }
}
