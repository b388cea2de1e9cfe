package dev.posthaste.loadtest.receiver;

import dev.posthaste.loadtest.wire.Head;
import dev.posthaste.loadtest.wire.MessageStream;
import dev.posthaste.loadtest.wire.WallClock;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Takes deliveries on every loopback address. One event loop is enough: a request costs it a few
 * microseconds. {@code /control/…} starts runs and tells what came.
 */
final class Receiver extends VerticleBase {
  private static final int BACKLOG = 4096;
  private static final int MOST_PATHS = 20_000;
  private static final String CONTROL = "/control/";

  private final int port;
  private final Optional<SignatureCheck> signatures;
  private final Map<String, Behaviour> behaviours = new HashMap<>();
  private Answers answers;
  private Arrivals arrivals = new Arrivals(0);

  Receiver(int port, Optional<SignatureCheck> signatures) {
    this.port = port;
    this.signatures = signatures;
  }

  @Override
  public Future<?> start() {
    answers = new Answers(vertx);
    NetServerOptions options =
        new NetServerOptions().setTcpNoDelay(true).setAcceptBacklog(BACKLOG).setReuseAddress(true);
    return vertx
        .createNetServer(options)
        .connectHandler(this::connected)
        .listen(port, "0.0.0.0")
        .map(server -> server.actualPort());
  }

  private void connected(NetSocket socket) {
    MessageStream requests =
        new MessageStream(
            (bytes, start, bodyStart, end) -> take(socket, bytes, start, bodyStart, end));
    socket.handler(piece -> requests.feed(piece.getBytes()));
    socket.exceptionHandler(error -> socket.close());
  }

  private void take(NetSocket socket, byte[] bytes, int start, int bodyStart, int end) {
    String path = Head.path(bytes, start, bodyStart);
    if (path.startsWith(CONTROL)) {
      control(socket, path.substring(CONTROL.length()));
      return;
    }
    Behaviour behaviour = behaviour(path);
    if (signatures.isPresent() && !signatures.get().holds(bytes, start, bodyStart, end)) {
      arrivals.badSignature();
    }
    boolean taken = arrivals.take(bytes, bodyStart, end, behaviour, WallClock.micros());
    int status = taken || !behaviour.takes() ? behaviour.status() : 503;
    answers.answer(socket, status, behaviour.delayMillis());
  }

  private Behaviour behaviour(String path) {
    Behaviour known = behaviours.get(path);
    if (known == null) {
      known = Behaviour.of(path);
      if (behaviours.size() < MOST_PATHS) {
        behaviours.put(path, known);
      }
    }
    return known;
  }

  /** {@code start/7} begins run 7, {@code summary} is JSON, {@code arrivals} are times. */
  private void control(NetSocket socket, String what) {
    if (what.startsWith("start/")) {
      arrivals = new Arrivals(Integer.parseInt(what.substring("start/".length())));
    }
    Buffer body =
        what.equals("arrivals") ? Buffer.buffer(arrivals.times()) : arrivals.summary().toBuffer();
    socket.write(
        Buffer.buffer("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n")
            .appendBuffer(body));
  }
}
