package dev.posthaste.stream;

import dev.posthaste.event.Event;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Caller;
import dev.posthaste.http.CutOff;
import dev.posthaste.registry.Registry;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import java.util.Optional;

/** One open stream. Belongs to the event loop of its connection. */
final class Listener {
  private static final int MAX_FRAMES_PER_LOOK = 1_000;

  private final ServerWebSocket socket;
  private final HttpConnection connection;
  private final WantedTypes wanted;
  private final Limits limits;
  private final Promise<Void> closed = Promise.promise();
  private Caller caller;
  private long waitingBytes;
  private long heardAt = System.nanoTime();
  private long pingedAt = heardAt;
  private int framesHeard;
  private Optional<Ending> ending = Optional.empty();

  /**
   * @param connection that of the request which became the socket
   */
  Listener(
      ServerWebSocket socket,
      HttpConnection connection,
      WantedTypes wanted,
      Caller caller,
      Limits limits) {
    this.socket = socket;
    this.connection = connection;
    this.wanted = wanted;
    this.caller = caller;
    this.limits = limits;
    socket.frameHandler(frame -> heard());
  }

  /**
   * The bounds of one stream.
   *
   * @param maxWaitingBytes a single message may be larger
   */
  record Limits(long maxWaitingBytes, Duration pingInterval, Duration idleTimeout) {}

  /** What comes is thrown away, but each ping is answered: a flood of them must not pile up. */
  private void heard() {
    heardAt = System.nanoTime();
    framesHeard++;
    if (framesHeard > MAX_FRAMES_PER_LOOK) {
      cut();
    }
  }

  /** Whether it asked for such events and may have them. */
  boolean wants(Event event, Registry registry) {
    return wanted.admit(event.type(), registry.eventType(caller.tenant(), event.type()), caller);
  }

  /** Whether it hears the events of the tenant. */
  boolean isOf(Tenant tenant) {
    return caller.tenant().id() == tenant.id();
  }

  /** Who listens, as it was found out again. */
  void isStill(Caller same) {
    caller = same;
  }

  /** Sends it, or says why the stream must end: too much waits already. */
  Optional<Ending> send(StreamMessage message) {
    if (isEnding()) {
      return Optional.empty();
    }
    if (waitingBytes > 0 && waitingBytes + message.bytes() > limits.maxWaitingBytes()) {
      return Optional.of(Ending.TOO_SLOW);
    }
    waitingBytes += message.bytes();
    socket
        .writeFinalTextFrame(message.text())
        .onComplete(done -> written(message, done.succeeded()));
    return Optional.empty();
  }

  private void written(StreamMessage message, boolean arrived) {
    waitingBytes -= message.bytes();
    if (arrived && waitingBytes == 0) {
      ending.ifPresent(this::farewell);
    }
  }

  /** Pings if it is time, or says why the stream must end: nothing came back for too long. */
  Optional<Ending> look(long nanos) {
    framesHeard = 0;
    if (!isEnding() && nanos - heardAt > limits.idleTimeout().toNanos()) {
      return Optional.of(Ending.SILENT);
    }
    if (!isEnding() && nanos - pingedAt >= limits.pingInterval().toNanos()) {
      pingedAt = nanos;
      socket.writePing(Buffer.buffer());
    }
    return Optional.empty();
  }

  boolean isEnding() {
    return ending.isPresent();
  }

  /**
   * Sends no more, and says why once all that waits is sent. The future is done when the connection
   * is closed.
   */
  Future<Void> end(Ending why) {
    ending = Optional.of(why);
    if (waitingBytes == 0) {
      farewell(why);
    }
    return closed.future();
  }

  private void farewell(Ending why) {
    socket.close(why.code(), why.reason());
  }

  /** The connection is no more. */
  void closed() {
    closed.tryComplete();
  }

  /** Does not wait for the peer, which may never read what waits before the farewell. */
  void cut() {
    CutOff.cut(connection);
  }
}
