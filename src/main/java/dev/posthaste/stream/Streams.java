package dev.posthaste.stream;

import dev.posthaste.event.Event;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.http.Throttle;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.StreamSettings;
import dev.posthaste.store.CommitHorizon;
import dev.posthaste.store.EventTail;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.RoutingContext;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;

/**
 * All open streams of one membership of a node. What the node accepts itself goes out from memory;
 * what others accept is found by following the log. For any event loop.
 */
public final class Streams {
  /** Where it is served. */
  public static final String PATH = "/webhooks/v1/stream";

  private final Parts parts;
  private final Audience audience;
  private final List<LoopStreams> loops = new CopyOnWriteArrayList<>();

  public Streams(Parts parts) {
    this.parts = parts;
    this.audience =
        new Audience(
            parts.settings().maxConnections(),
            parts.settings().maxConnectionsPerTenant(),
            parts.clock());
  }

  /**
   * What it works with.
   *
   * @param throttle for each key, as on every other route
   * @param clientIdle silence after which the server closes any connection of a client
   */
  public record Parts(
      Registry registry,
      Doorkeeper doorkeeper,
      Throttle throttle,
      CommitHorizon horizon,
      EventTail tail,
      StreamSettings settings,
      Duration clientIdle,
      Clock clock) {

    Listener.Limits limits() {
      Duration half = clientIdle.dividedBy(2);
      Duration wanted = settings.pingInterval();
      return new Listener.Limits(
          settings.maxWaitingBytes(),
          wanted.compareTo(half) < 0 ? wanted : half,
          settings.idleTimeout());
    }
  }

  /**
   * Adds what a server needs to speak it. Without compression: its memory would be without bound.
   */
  public static HttpServerOptions spokenBy(HttpServerOptions options) {
    return options
        .addWebSocketSubProtocol(Credentials.PROTOCOL)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }

  /** The route for one event loop, to be called on it. */
  public Handler<RoutingContext> route(Vertx vertx) {
    LoopStreams streams =
        new LoopStreams(vertx, parts.registry(), parts.settings().maxQueuedBytes());
    loops.add(streams);
    return new StreamRoute(parts, audience, streams);
  }

  /** Follows what other nodes accept. To be deployed once. */
  public Deployable follower() {
    return new Follower(parts, audience);
  }

  /** This node has committed them. On any loop; costs one volatile read while nobody listens. */
  public void accepted(List<Event> events, Predicate<Event> isNew) {
    if (audience.isEmpty()) {
      return;
    }
    Map<LoopStreams, List<Event>> batches = new HashMap<>();
    for (Event event : events) {
      List<LoopStreams> heardOn = audience.loopsOf(event.tenantId());
      if (!heardOn.isEmpty() && isNew.test(event)) {
        heardOn.forEach(
            loop -> batches.computeIfAbsent(loop, first -> new ArrayList<>()).add(event));
      }
    }
    batches.forEach(LoopStreams::offer);
  }

  /** Lets nobody in any more and ends every stream; the future is done when all have ended. */
  public Future<Void> end() {
    audience.close();
    return Future.join(loops.stream().map(loop -> loop.end(Ending.STOPPING)).toList())
        .<Void>mapEmpty()
        .otherwiseEmpty();
  }
}
