package dev.posthaste.scenario;

import com.standardwebhooks.Webhook;
import com.standardwebhooks.exceptions.WebhookVerificationException;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A receiver that writes down every delivery whose signature the official library accepts, by path
 * and event id. Paths that begin with {@code /shaky} refuse every third event the first time: were
 * it every one, the endpoint would look dead, and its breaker would let few through.
 */
final class Arrivals implements AutoCloseable {
  private final Vertx vertx = Vertx.vertx();
  private final HttpServer server;
  private final Map<String, Webhook> verifiers = new ConcurrentHashMap<>();
  private final Map<String, Map<String, AtomicInteger>> arrived = new ConcurrentHashMap<>();
  private final Set<String> refusedOnce = ConcurrentHashMap.newKeySet();
  private final AtomicInteger badSignatures = new AtomicInteger();

  Arrivals() throws Exception {
    server =
        vertx
            .createHttpServer()
            .requestHandler(request -> request.body().onSuccess(body -> take(request, body)))
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
  }

  String url(String path) {
    return "http://127.0.0.1:" + server.actualPort() + path;
  }

  /** Deliveries to the path are signed with this secret. */
  void expect(String path, String secret) throws Exception {
    arrived.put(path, new ConcurrentHashMap<>());
    verifiers.put(path, new Webhook(secret));
  }

  int badSignatures() {
    return badSignatures.get();
  }

  /** Which of the events have not come to a path. */
  Set<String> missing(String path, Set<String> events) {
    Set<String> missing = new TreeSet<>(events);
    missing.removeAll(arrived.get(path).keySet());
    return missing;
  }

  /** How many deliveries came again, over all paths. */
  int duplicates() {
    return arrived.values().stream()
        .flatMap(events -> events.values().stream())
        .mapToInt(count -> count.get() - 1)
        .sum();
  }

  private void take(HttpServerRequest request, Buffer body) {
    String path = request.path();
    String id = request.getHeader("webhook-id");
    if (!isSigned(request, body)) {
      badSignatures.incrementAndGet();
      request.response().setStatusCode(400).end();
    } else if (isShaky(path, id) && refusedOnce.add(path + id)) {
      request.response().setStatusCode(500).end("not yet");
    } else {
      arrived.get(path).computeIfAbsent(id, first -> new AtomicInteger()).incrementAndGet();
      request.response().setStatusCode(204).end();
    }
  }

  private static boolean isShaky(String path, String id) {
    return path.startsWith("/shaky") && Math.floorMod(id.hashCode(), 3) == 0;
  }

  private boolean isSigned(HttpServerRequest request, Buffer body) {
    try {
      verifiers
          .get(request.path())
          .verify(
              body.toString(),
              HttpHeaders.of(
                  Map.of(
                      "webhook-id", List.of(request.getHeader("webhook-id")),
                      "webhook-timestamp", List.of(request.getHeader("webhook-timestamp")),
                      "webhook-signature", List.of(request.getHeader("webhook-signature"))),
                  (name, value) -> true));
      return true;
    } catch (WebhookVerificationException e) {
      return false;
    }
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
