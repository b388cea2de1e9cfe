package dev.posthaste.stream;

import dev.posthaste.event.ApiKey;
import dev.posthaste.http.Caller;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.http.KeyThrottle;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.registry.Registry;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET /webhooks/v1/stream}: everything that can be wrong is answered with a problem, before
 * the request becomes a WebSocket. Belongs to one event loop.
 */
final class StreamRoute implements Handler<RoutingContext> {
  private static final Logger LOG = LoggerFactory.getLogger(StreamRoute.class);
  private static final String VERSION = "13";

  private final Registry registry;
  private final Doorkeeper doorkeeper;
  private final KeyThrottle throttle;
  private final Audience audience;
  private final LoopStreams streams;
  private final Listener.Limits limits;
  private final Clock clock;

  StreamRoute(Streams.Parts parts, Audience audience, LoopStreams streams) {
    this.registry = parts.registry();
    this.doorkeeper = parts.doorkeeper();
    this.throttle = new KeyThrottle(parts.throttle());
    this.audience = audience;
    this.streams = streams;
    this.limits = parts.limits();
    this.clock = parts.clock();
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    Credentials credentials = Credentials.of(request.headers());
    Caller caller = admit(credentials);
    throttle.admit(caller.key(), context.response());
    WantedTypes wanted = WantedTypes.of(types(request), caller, registry);
    requireUpgrade(request);
    audience.enter(caller.tenant().id(), streams);
    request
        .toWebSocket()
        .onSuccess(socket -> begin(socket, request, wanted, credentials, caller))
        .onFailure(
            e -> {
              audience.leave(caller.tenant().id(), streams);
              LOG.debug("A stream could not be opened", e);
            });
  }

  private Caller admit(Credentials credentials) {
    return doorkeeper.admit(credentials.headers(), ApiKey.Permission.DELIVERIES_READ);
  }

  private static Optional<String> types(HttpServerRequest request) {
    return Optional.ofNullable(request.getParam("types"));
  }

  private static void requireUpgrade(HttpServerRequest request) {
    boolean upgrades =
        HttpHeaders.WEBSOCKET.toString().equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
            && request.headers().contains(HttpHeaders.CONNECTION, HttpHeaders.UPGRADE, true)
            && request.headers().contains("Sec-WebSocket-Key")
            && VERSION.equals(request.getHeader("Sec-WebSocket-Version"));
    if (!upgrades) {
      throw new ProblemException(
          Problem.badRequest(
              "This route is a WebSocket of version 13: open it with a WebSocket client, at ws:// or"
                  + " wss://. GET /webhooks/v1/events?after= has the same events over plain HTTP."));
    }
  }

  private void begin(
      ServerWebSocket socket,
      HttpServerRequest request,
      WantedTypes wanted,
      Credentials credentials,
      Caller caller) {
    long tenant = caller.tenant().id();
    Listener listener = new Listener(socket, request.connection(), wanted, caller, limits);
    try {
      socket.closeHandler(
          closed -> {
            listener.closed();
            streams.remove(tenant, listener);
            audience.leave(tenant, streams);
          });
    } catch (IllegalStateException gone) {
      // It was closed between the handshake and here, and tells nobody any more.
      audience.leave(tenant, streams);
      return;
    }
    socket.exceptionHandler(e -> LOG.debug("A stream broke", e));
    streams.add(tenant, listener, () -> admit(credentials));
    listener.send(StreamMessage.hello(caller.tenant(), wanted, clock.millis()));
  }
}
