package dev.posthaste.loadtest.generator;

import dev.posthaste.loadtest.wire.Head;
import dev.posthaste.loadtest.wire.MessageStream;
import dev.posthaste.loadtest.wire.WallClock;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;

/** One kept connection with one request under way at a time. Belongs to one event loop. */
final class Connection {
  private static final int ACCEPTED = 202;
  private static final byte[] ERROR = "\"error\"".getBytes(StandardCharsets.US_ASCII);

  private final int port;
  private final NetSocket socket;
  private final Ledger ledger;
  private final Listener listener;
  private int first;
  private int events;
  private boolean open = true;

  /**
   * Nothing is under way.
   *
   * @param port that it leads to
   */
  Connection(int port, NetSocket socket, Ledger ledger, Listener listener) {
    this.port = port;
    this.socket = socket;
    this.ledger = ledger;
    this.listener = listener;
    MessageStream answers = new MessageStream(this::answered);
    socket.handler(piece -> answers.feed(piece.getBytes()));
    socket.exceptionHandler(error -> socket.close());
    socket.closeHandler(closed -> lost());
  }

  /** Hears when the connection may be used again, or never. */
  interface Listener {
    void idle(Connection connection, boolean refused);

    void closed(Connection connection);
  }

  /**
   * Sends.
   *
   * @param kind which template it is
   */
  void send(EventTemplate template, int kind, long intendedMicros, long now) {
    events = template.events();
    first = ledger.send(events, kind, intendedMicros, now);
    Buffer request = template.fill(first, intendedMicros);
    socket.write(request);
  }

  private void answered(byte[] bytes, int start, int bodyStart, int end) {
    int status = Head.status(bytes, start);
    if (status != ACCEPTED) {
      ledger.count(status, events);
    } else if (events > 1 && Head.indexOf(bytes, ERROR, bodyStart, end) >= 0) {
      acceptSome(Buffer.buffer().appendBytes(bytes, bodyStart, end - bodyStart));
    } else {
      long now = WallClock.micros();
      for (int i = 0; i < events; i++) {
        ledger.accepted(first + i, now);
      }
    }
    events = 0;
    listener.idle(this, status != ACCEPTED);
  }

  private void acceptSome(Buffer body) {
    long now = WallClock.micros();
    JsonArray results = body.toJsonObject().getJsonArray("results");
    for (int i = 0; i < events; i++) {
      JsonObject error = results.getJsonObject(i).getJsonObject("error");
      if (error == null) {
        ledger.accepted(first + i, now);
      } else {
        ledger.count(error.getInteger("status", 0), 1);
      }
    }
  }

  int port() {
    return port;
  }

  boolean isOpen() {
    return open;
  }

  private void lost() {
    open = false;
    ledger.unanswered(events);
    events = 0;
    listener.closed(this);
  }
}
