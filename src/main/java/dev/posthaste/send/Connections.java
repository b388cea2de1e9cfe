package dev.posthaste.send;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import java.util.HashMap;
import java.util.Map;

/**
 * All connections of one event loop, by {@link Route}.
 *
 * <p>We keep them ourselves, in channels that Vert.x opens and Netty's codec reads, instead of in
 * the pool of the HTTP client of Vert.x: that one can do much that a delivery does not need. With
 * 5,000 requests in flight it took a sixth of the server's time and a quarter of what it allocates.
 */
final class Connections {
  private static final long SWEEP_MILLIS = 1_000;

  private final ContextInternal context;
  private final NetClient client;
  private final SendSettings settings;
  private final Map<Route, Pool> pools = new HashMap<>();
  private final long sweeper;

  /**
   * @param context of the event loop that this is called on
   */
  Connections(ContextInternal context, NetClient client, SendSettings settings) {
    this.context = context;
    this.client = client;
    this.settings = settings;
    this.sweeper = context.owner().setPeriodic(SWEEP_MILLIS, this::sweep);
  }

  /**
   * Completes the promise with a connection that waits for a request; who completes it before takes
   * itself off the queue. Fails it if none can be opened, or if too many wait.
   */
  void take(Target target, Addresses.Address address, Promise<Connection> asker) {
    Route route = Route.of(target, address);
    Pool pool = pools.get(route);
    if (pool == null) {
      pool = open(route, target, address);
    }
    pool.take(target, asker);
  }

  /** Closes all of them; no request may be under way or begin. */
  Future<Void> close() {
    context.owner().cancelTimer(sweeper);
    return client.close();
  }

  private Pool open(Route route, Target target, Addresses.Address address) {
    ConnectOptions options =
        new ConnectOptions()
            .setRemoteAddress(address.socket())
            .setHost(target.host())
            .setPort(target.port())
            .setSsl(target.secure());
    Pool pool = new Pool(context, client, options, settings);
    pools.put(route, pool);
    return pool;
  }

  private void sweep(long timer) {
    long now = System.nanoTime();
    pools.values().removeIf(pool -> pool.sweep(now));
  }
}
