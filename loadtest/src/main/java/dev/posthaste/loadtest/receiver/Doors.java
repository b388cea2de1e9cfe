package dev.posthaste.loadtest.receiver;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.PfxOptions;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The ports of the receiver: plain, and with an identity TLS on the next one, where every handshake
 * is a full one, and on the one after it, where sessions are resumed. BoringSSL on both. Belongs to
 * one event loop.
 */
final class Doors {
  private static final int BACKLOG = 4096;

  private final int port;
  private final Optional<Path> identity;
  private final TicketEngine tickets = new TicketEngine();
  private int handshakes;

  Doors(int port, Optional<Path> identity) {
    this.port = port;
    this.identity = identity;
  }

  /** Listens on all of them. */
  Future<?> open(Vertx vertx, Handler<NetSocket> connected) {
    Future<?> plain = listen(vertx, options(), port, connected);
    if (identity.isEmpty()) {
      return plain;
    }
    Handler<NetSocket> counted =
        socket -> {
          handshakes++;
          connected.handle(socket);
        };
    return plain
        .compose(
            done ->
                listen(
                    vertx,
                    secured().setSslEngineOptions(new OpenSSLEngineOptions()),
                    port + 1,
                    counted))
        .compose(done -> listen(vertx, secured().setSslEngineOptions(tickets), port + 2, counted));
  }

  private static Future<?> listen(
      Vertx vertx, NetServerOptions options, int port, Handler<NetSocket> connected) {
    return vertx.createNetServer(options).connectHandler(connected).listen(port, "0.0.0.0");
  }

  private static NetServerOptions options() {
    return new NetServerOptions()
        .setTcpNoDelay(true)
        .setAcceptBacklog(BACKLOG)
        .setReuseAddress(true);
  }

  private NetServerOptions secured() {
    return options()
        .setSsl(true)
        .setKeyCertOptions(
            new PfxOptions()
                .setPath(identity.orElseThrow().toString())
                .setPassword("changeit")
                .setAlias("server"));
  }

  /** How many there were since the start, and how many of them resumed a session. */
  JsonObject handshakes() {
    return new JsonObject().put("all", handshakes).put("resumed", tickets.resumed());
  }
}
