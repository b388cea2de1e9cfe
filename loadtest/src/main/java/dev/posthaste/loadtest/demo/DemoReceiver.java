package dev.posthaste.loadtest.demo;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The other side: one path per endpoint. Verifies each message before it looks inside. */
final class DemoReceiver {
  private final Map<String, Inbox> inboxes = new LinkedHashMap<>();
  private final Map<String, String> secrets = new ConcurrentHashMap<>();

  DemoReceiver() {
    Subscriber.ALL.forEach(s -> inboxes.put(s.uid(), new Inbox(s)));
  }

  /** Listens; the future has the port. */
  Future<Integer> start(Vertx vertx) {
    return vertx
        .createHttpServer()
        .requestHandler(request -> request.body().onSuccess(body -> take(request, body)))
        .listen(0, "127.0.0.1")
        .map(server -> server.actualPort());
  }

  /** The secret that verifies what comes to an endpoint. */
  void secret(String uid, String secret) {
    secrets.put(uid, secret);
  }

  Map<String, Inbox> inboxes() {
    return inboxes;
  }

  private void take(HttpServerRequest request, Buffer body) {
    Inbox inbox = inboxes.get(request.path().substring(1));
    if (inbox == null) {
      request.response().setStatusCode(404).end();
      return;
    }
    Subscriber subscriber = inbox.subscriber();
    String secret = secrets.getOrDefault(subscriber.uid(), "");
    if (!Signatures.hold(subscriber.customer(), request.headers(), body.getBytes(), secret)) {
      inbox.badSignature();
      request.response().setStatusCode(401).end();
      return;
    }
    answer(request, inbox, body.toString());
  }

  private static void answer(HttpServerRequest request, Inbox inbox, String body) {
    JsonObject envelope = new JsonObject(body);
    if (isAnnouncement(envelope)) {
      inbox.announcement();
      request.response().end();
      return;
    }
    String id = envelope.getString("id", envelope.getString("event_id"));
    inbox.offer(id, body).ifPresent(status -> request.response().setStatusCode(status).end());
  }

  /** The server's own, told from the ones that the day plays by the endpoint it names. */
  private static boolean isAnnouncement(JsonObject envelope) {
    return Day.ANNOUNCEMENT.equals(envelope.getString("type"))
        && Subscriber.ALL.stream()
            .anyMatch(
                s -> envelope.getJsonObject("data").getString("url", "").endsWith("/" + s.uid()));
  }
}
