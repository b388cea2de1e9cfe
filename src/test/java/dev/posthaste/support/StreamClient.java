package dev.posthaste.support;

import static org.awaitility.Awaitility.await;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Opens streams of events over real WebSockets and keeps what they say. */
public final class StreamClient implements AutoCloseable {
  private static final int LARGE = 32 << 20;
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Vertx vertx = TestVertx.create(1);
  private final int port;
  private final WebSocketClient client;

  /**
   * @param port of the server
   */
  public StreamClient(int port) {
    this.port = port;
    this.client =
        vertx.createWebSocketClient(
            new WebSocketClientOptions().setMaxFrameSize(LARGE).setMaxMessageSize(LARGE));
  }

  /**
   * An open stream.
   *
   * @param texts each message as it came
   */
  public record Stream(WebSocket socket, List<String> texts) {
    /** Each message of a type, so far. */
    public List<JsonObject> messages(String type) {
      return texts.stream()
          .map(JsonObject::new)
          .filter(message -> message.getString("type").equals(type))
          .toList();
    }

    /** The types of the events, so far. */
    public List<String> heard() {
      return messages("event").stream()
          .map(message -> message.getJsonObject("event").getString("type"))
          .toList();
    }

    /** Waits for so many events. */
    public Stream awaitEvents(int count) {
      await().atMost(PATIENCE).until(() -> messages("event").size() >= count);
      return this;
    }

    /** Waits for its end and returns the code. */
    public int awaitEnd() {
      await().atMost(PATIENCE).until(socket::isClosed);
      return socket.closeStatusCode();
    }
  }

  /** With a key in the header; waits for the greeting. */
  public Stream open(String key, String query, String... headers) {
    WebSocketConnectOptions options = options(query, headers);
    options.addHeader("authorization", "Bearer " + key);
    return open(options);
  }

  /** As a browser: with nothing but sub-protocols. */
  public Stream openByProtocols(String... protocols) {
    return open(options("").setSubProtocols(List.of(protocols)));
  }

  private WebSocketConnectOptions options(String query, String... headers) {
    MultiMap given = MultiMap.caseInsensitiveMultiMap();
    for (int i = 0; i < headers.length; i += 2) {
      given.add(headers[i], headers[i + 1]);
    }
    return new WebSocketConnectOptions()
        .setHost("127.0.0.1")
        .setPort(port)
        .setURI("/webhooks/v1/stream" + query)
        .setHeaders(given);
  }

  private Stream open(WebSocketConnectOptions options) {
    List<String> texts = new CopyOnWriteArrayList<>();
    WebSocket socket =
        Await.value(
            client
                .connect(options)
                .onSuccess(
                    opened ->
                        // In one frame each.
                        opened.frameHandler(
                            frame -> {
                              if (frame.isText() && frame.isFinal()) {
                                texts.add(frame.textData());
                              }
                            })));
    await().atMost(PATIENCE).until(() -> !texts.isEmpty());
    return new Stream(socket, texts);
  }

  /** Why a stream was refused. */
  public UpgradeRejectedException refusal(String key, String query, String... headers) {
    WebSocketConnectOptions options = options(query, headers);
    if (key != null) {
      options.addHeader("authorization", "Bearer " + key);
    }
    return (UpgradeRejectedException) Await.failure(client.connect(options));
  }

  @Override
  public void close() {
    Await.value(vertx.close());
  }
}
