package dev.posthaste.loadtest.generator;

import dev.posthaste.loadtest.wire.Head;
import dev.posthaste.loadtest.wire.MessageStream;
import dev.posthaste.loadtest.wire.WallClock;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One kept connection with one request under way at a time. Belongs to one event loop. */
final class Connection {
  private static final int ACCEPTED = 202;

  /** An event that was sent before. */
  private static final int KNOWN = 200;

  private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] CONNECTION = Head.name("connection");

  private final Way way;
  private final NetSocket socket;
  private final Ledger ledger;
  private final Listener listener;
  private Optional<Post> underWay = Optional.empty();
  private boolean open = true;
  private boolean retiring;

  /** Nothing is under way. */
  Connection(Way way, NetSocket socket, Ledger ledger, Listener listener) {
    this.way = way;
    this.socket = socket;
    this.ledger = ledger;
    this.listener = listener;
    MessageStream answers = new MessageStream(this::answered);
    socket.handler(piece -> answers.feed(piece.getBytes()));
    socket.exceptionHandler(error -> socket.close());
    socket.closeHandler(closed -> lost());
  }

  /**
   * Where a connection leads.
   *
   * @param home the port that it is meant for
   * @param port the one that it goes to while the other one takes none
   */
  record Way(int home, int port) {
    boolean isHome() {
      return home == port;
    }
  }

  /** Hears when the connection may be used again, or never, and what was not accepted. */
  interface Listener {
    void idle(Connection connection, boolean refused);

    void refused(Connection connection, Post post, int status);

    /** What was under way has no answer. */
    void closed(Connection connection, Optional<Post> unanswered);
  }

  void send(Post post) {
    underWay = Optional.of(post);
    socket.write(post.request());
  }

  private void answered(byte[] bytes, int start, int bodyStart, int end) {
    Post post = underWay.orElseThrow();
    underWay = Optional.empty();
    int status = Head.status(bytes, start);
    boolean taken = status == ACCEPTED || status == KNOWN;
    if (!taken) {
      listener.refused(this, post, status);
    } else if (post.events() > 1 && Head.indexOf(bytes, ERROR, bodyStart, end) >= 0) {
      acceptSome(post, Buffer.buffer().appendBytes(bytes, bodyStart, end - bodyStart));
    } else {
      long now = WallClock.micros();
      for (int i = 0; i < post.events(); i++) {
        ledger.accepted(post.first() + i, now);
      }
    }
    if (retiring || isLast(bytes, start, bodyStart)) {
      close();
    } else {
      listener.idle(this, !taken);
    }
  }

  private static boolean isLast(byte[] bytes, int start, int bodyStart) {
    return Head.value(bytes, start, bodyStart, CONNECTION)
        .filter(value -> value.equalsIgnoreCase("close"))
        .isPresent();
  }

  private void acceptSome(Post post, Buffer body) {
    long now = WallClock.micros();
    JsonArray results = body.toJsonObject().getJsonArray("results");
    for (int i = 0; i < post.events(); i++) {
      JsonObject error = results.getJsonObject(i).getJsonObject("error");
      if (error == null) {
        ledger.accepted(post.first() + i, now);
      } else {
        ledger.count(error.getInteger("status", 0), 1);
      }
    }
  }

  Way way() {
    return way;
  }

  boolean isOpen() {
    return open;
  }

  /** Closes it, behind the answer if a request is under way. */
  void retire() {
    retiring = true;
    if (underWay.isEmpty()) {
      close();
    }
  }

  boolean isRetiring() {
    return retiring;
  }

  private void close() {
    open = false;
    socket.close();
  }

  private void lost() {
    open = false;
    Optional<Post> unanswered = underWay;
    underWay = Optional.empty();
    listener.closed(this, unanswered);
  }
}
