package dev.posthaste.send;

import dev.posthaste.event.Reply.Reason;
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
import java.util.concurrent.TimeUnit;

/**
 * The connections of one {@link Route}, and who waits for one. The one that was used last is used
 * first, so that those that a smaller load does not need go idle and are closed. Belongs to one
 * event loop.
 */
final class Pool {
  /** However busy: names move, and balancers want to balance. */
  static final long MAX_LIFETIME_NANOS = TimeUnit.MINUTES.toNanos(10);

  private static final HttpDecoderConfig LIMITS =
      new HttpDecoderConfig().setMaxInitialLineLength(4 * 1024).setMaxHeaderSize(8 * 1024);

  /** What Vert.x calls its own handler in a channel that it has opened. */
  private static final String VERTX = "handler";

  private final ContextInternal context;
  private final NetClient client;
  private final ConnectOptions options;
  private final SendSettings settings;
  private final ArrayDeque<Connection> idle = new ArrayDeque<>();
  private final ArrayDeque<Promise<Connection>> waiting = new ArrayDeque<>();

  /** Idle, in use, or being opened. */
  private int open;

  /**
   * @param context of the event loop that everything is called on
   * @param options where the connections lead
   */
  Pool(ContextInternal context, NetClient client, ConnectOptions options, SendSettings settings) {
    this.context = context;
    this.client = client;
    this.options = options;
    this.settings = settings;
  }

  /** Completes the promise with a connection, at once if one is idle. */
  void take(Promise<Connection> asker) {
    Connection kept = freshest();
    if (kept != null) {
      asker.complete(kept);
    } else if (open < settings.connectionsPerOrigin()) {
      dial(asker);
    } else if (hasRoomToWait()) {
      waiting.add(asker);
    } else {
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
    connection.rest(System.nanoTime());
    Promise<Connection> next = nextWaiting();
    if (next == null) {
      idle.addLast(connection);
    } else {
      next.complete(connection);
    }
  }

  /** The connection is closed. */
  void gone(Connection connection) {
    open--;
    idle.remove(connection);
    serve();
  }

  /**
   * Closes what has been idle for too long.
   *
   * @return whether it holds nothing and nobody waits
   */
  boolean sweep(long nowNanos) {
    for (Iterator<Connection> all = idle.iterator(); all.hasNext(); ) {
      Connection connection = all.next();
      if (connection.isOver(nowNanos)) {
        all.remove();
        connection.close();
      }
    }
    return open == 0 && waiting.isEmpty();
  }

  private void dial(Promise<Connection> asker) {
    open++;
    client
        .connect(options)
        .map(this::ready)
        .onComplete(connection -> opened(connection, asker), cause -> failed(cause, asker));
  }

  /**
   * Takes the place of the socket of Vert.x, which nobody writes to and whose queues take 5 kB:
   * with 10,000 idle connections more than a small heap has.
   */
  private Connection ready(NetSocket socket) {
    Connection connection = new Connection(context, this, settings);
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

  private void failed(Throwable cause, Promise<Connection> asker) {
    open--;
    asker.tryFail(cause);
    serve();
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

  private boolean hasRoomToWait() {
    int max = settings.waitingPerOrigin();
    if (waiting.size() >= max) {
      waiting.removeIf(asker -> asker.future().isComplete());
    }
    return waiting.size() < max;
  }

  private void serve() {
    if (open < settings.connectionsPerOrigin()) {
      Promise<Connection> next = nextWaiting();
      if (next != null) {
        dial(next);
      }
    }
  }

  /** The first whose deadline is not over. */
  private Promise<Connection> nextWaiting() {
    Promise<Connection> next = waiting.poll();
    while (next != null && next.future().isComplete()) {
      next = waiting.poll();
    }
    return next;
  }
}
