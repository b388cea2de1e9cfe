package dev.posthaste.send;

import dev.posthaste.event.Reply.Reason;
import dev.posthaste.send.Turns.Caller;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.vertx.core.Promise;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.util.ArrayDeque;
import java.util.Iterator;

/**
 * The connections of one {@link Route}. All endpoints behind it use the same ones, as their {@link
 * Turns} allow. The one that was used last is used first, so that those that a smaller load does
 * not need go idle and are closed. Belongs to one event loop.
 */
final class Pool {
  private static final HttpDecoderConfig LIMITS =
      new HttpDecoderConfig().setMaxInitialLineLength(4 * 1024).setMaxHeaderSize(8 * 1024);

  /** What Vert.x calls its own handler in a channel that it has opened. */
  private static final String VERTX = "handler";

  private final ContextInternal context;
  private final NetClient client;
  private final ConnectOptions options;
  private final SendSettings settings;
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final Turns turns;

  /**
   * @param context of the event loop that everything is called on
   * @param options where the connections lead
   */
  Pool(ContextInternal context, NetClient client, ConnectOptions options, SendSettings settings) {
    this.context = context;
    this.client = client;
    this.options = options;
    this.settings = settings;
    this.turns = new Turns(settings.connectionsPerOrigin(), settings.waitingPerOrigin());
  }

  /**
   * Completes the promise with a connection, at once if one is idle and the target may have it.
   *
   * @param target whose requests share what the limit leaves them
   */
  void take(Target target, Promise<Connection> asker) {
    Caller caller = turns.caller(target);
    if (turns.admit(caller)) {
      connect(caller, asker);
    } else if (!turns.queue(caller, asker)) {
      asker.fail(
          new SendFault(
              Reason.INTERNAL,
              "all "
                  + settings.connectionsPerOrigin()
                  + " connections to the host are busy and "
                  + settings.waitingPerOrigin()
                  + " requests wait for one"));
    }
  }

  /** The connection has carried its request, or was not needed. */
  void giveBack(Connection connection) {
    long now = System.nanoTime();
    connection.rest(now);
    if (connection.isOver(now)) {
      // Who waits gets its place, and a new one; it would be passed on for as long as anybody does.
      connection.close();
      return;
    }
    Caller next = turns.passOn(connection.takeFromHolder());
    if (next == null) {
      keep(connection);
    } else {
      lend(connection, next, turns.call(next));
    }
  }

  /** Also beyond the limit while others are busy: an endpoint that posts now and then needs it. */
  private void keep(Connection connection) {
    if (idle.size() < settings.connectionsPerOrigin()) {
      idle.addLast(connection);
    } else {
      connection.close();
    }
  }

  /** The connection is closed. */
  void gone(Connection connection) {
    Caller holder = connection.takeFromHolder();
    if (holder == null) {
      idle.remove(connection);
    } else {
      serve(turns.passOn(holder));
    }
  }

  /**
   * Closes what has been idle for too long.
   *
   * @return whether it has no connection and nobody waits
   */
  boolean sweep(long nowNanos) {
    for (Iterator<Connection> all = idle.iterator(); all.hasNext(); ) {
      Connection connection = all.next();
      if (connection.isOver(nowNanos)) {
        all.remove();
        connection.close();
      }
    }
    return turns.sweep() && idle.isEmpty();
  }

  private void connect(Caller caller, Promise<Connection> asker) {
    Connection kept = freshest();
    if (kept == null) {
      dial(caller, asker);
    } else {
      lend(kept, caller, asker);
    }
  }

  private void lend(Connection connection, Caller caller, Promise<Connection> asker) {
    connection.lendTo(caller);
    asker.complete(connection);
  }

  private void dial(Caller caller, Promise<Connection> asker) {
    client
        .connect(options)
        .map(socket -> ready(socket, caller))
        .onComplete(connection -> opened(connection, asker), cause -> failed(cause, caller, asker));
  }

  /**
   * Takes the place of the socket of Vert.x, which nobody writes to and whose queues take 5 kB:
   * with 10,000 idle connections more than a small heap has.
   */
  private Connection ready(NetSocket socket, Caller caller) {
    Connection connection = new Connection(context, this, settings);
    connection.lendTo(caller);
    ((NetSocketInternal) socket)
        .channelHandlerContext()
        .pipeline()
        .addBefore(VERTX, "responses", new HttpResponseDecoder(LIMITS))
        .replace(VERTX, "connection", connection);
    return connection;
  }

  private void opened(Connection connection, Promise<Connection> asker) {
    if (!asker.tryComplete(connection)) {
      giveBack(connection);
    }
  }

  private void failed(Throwable cause, Caller caller, Promise<Connection> asker) {
    serve(turns.passOn(caller));
    asker.tryFail(cause);
  }

  private Connection freshest() {
    for (Connection last = idle.pollLast(); last != null; last = idle.pollLast()) {
      if (last.isUsable(System.nanoTime())) {
        return last;
      }
      last.close();
    }
    return null;
  }

  private void serve(Caller next) {
    if (next != null) {
      connect(next, turns.call(next));
    }
  }
}
