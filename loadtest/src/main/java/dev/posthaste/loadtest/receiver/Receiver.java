package dev.posthaste.loadtest.receiver;

import dev.posthaste.loadtest.wire.EventMark;
import dev.posthaste.loadtest.wire.Head;
import dev.posthaste.loadtest.wire.MessageStream;
import dev.posthaste.loadtest.wire.WallClock;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.NetSocket;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Takes deliveries on every loopback address. One event loop is enough: a request costs it a few
 * microseconds. {@code /control/…} starts runs and tells what came.
 */
final class Receiver extends VerticleBase {
  private static final int MOST_PATHS = 20_000;
  private static final long NANOS = 1_000_000_000L;
  private static final String GATE = "/gate";
  private static final String THEN = "/then";
  private static final Behaviour HEALTHY = new Behaviour(200, 0, 0);
  private static final Behaviour CLOSED = new Behaviour(503, 0, 0);
  private static final String CONTROL = "/control/";

  private final Doors doors;
  private final Optional<SignatureCheck> signatures;
  private final Map<String, Behaviour> behaviours = new HashMap<>();
  private final Map<String, Script> scripts = new HashMap<>();
  private long begunNanos = System.nanoTime();
  private Answers answers;
  private final Map<Integer, Arrivals> runs = new LinkedHashMap<>();
  private Arrivals arrivals = new Arrivals(0, 1);
  private boolean gateClosed;
  private boolean turned;

  Receiver(Doors doors, Optional<SignatureCheck> signatures) {
    this.doors = doors;
    this.signatures = signatures;
  }

  @Override
  public Future<?> start() {
    answers = new Answers(vertx);
    return doors.open(vertx, this::connected);
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
    boolean taken =
        runOf(bytes, bodyStart, end).take(bytes, bodyStart, end, behaviour, WallClock.micros());
    int status = taken || !behaviour.takes() ? behaviour.status() : behaviour.refusalStatus();
    answers.answer(socket, status, behaviour);
  }

  private Arrivals runOf(byte[] bytes, int from, int to) {
    if (runs.size() > 1 && !arrivals.isOwn(bytes, from, to)) {
      return runs.getOrDefault(EventMark.run(bytes, from, to), arrivals);
    }
    return arrivals;
  }

  private Behaviour behaviour(String path) {
    if (gateClosed && path.startsWith(GATE)) {
      return CLOSED;
    }
    if (path.startsWith(Script.PREFIX)) {
      long since = (System.nanoTime() - begunNanos) / NANOS;
      return scripts.computeIfAbsent(path, Script::of).at(since);
    }
    if (path.startsWith(THEN)) {
      return turned ? known(path.substring(THEN.length())) : HEALTHY;
    }
    return known(path);
  }

  private Behaviour known(String path) {
    Behaviour known = behaviours.get(path);
    if (known == null) {
      known = Behaviour.of(path);
      if (behaviours.size() < MOST_PATHS) {
        behaviours.put(path, known);
      }
    }
    return known;
  }

  /**
   * {@code start/7} begins run 7 and forgets all others ({@code start/7/10} with ten endpoints for
   * each event), {@code also/8} another one beside it, {@code gate/closed} and {@code gate/open}.
   * With {@code turn} what begins with {@code /then} becomes what follows; healthy until then.
   * {@code summary/7} is JSON, {@code arrivals/7} and {@code due/7} are times, {@code waiting} and
   * {@code handshakes} are JSON.
   */
  private void control(NetSocket socket, String what) {
    String[] words = what.split("/", -1);
    String word = words.length > 1 ? words[1] : "";
    Buffer body =
        switch (words[0]) {
          case "start" -> begin(Integer.parseInt(word), words.length > 2 ? words[2] : "1");
          case "also" -> alongside(Integer.parseInt(word), 1).summary().toBuffer();
          case "turn" -> turn();
          case "gate" -> gate(word.equals("closed"));
          case "summary" -> run(word).summary().toBuffer();
          case "arrivals" -> Buffer.buffer(run(word).times());
          case "due" -> Buffer.buffer(run(word).dueTimes());
          case "handshakes" -> doors.handshakes().toBuffer();
          default -> new JsonObject().put("waiting", answers.waiting()).toBuffer();
        };
    socket.write(
        Buffer.buffer("HTTP/1.1 200 OK\r\ncontent-length: " + body.length() + "\r\n\r\n")
            .appendBuffer(body));
  }

  private Buffer begin(int run, String fanOut) {
    runs.clear();
    scripts.clear();
    begunNanos = System.nanoTime();
    gateClosed = false;
    turned = false;
    arrivals = alongside(run, Integer.parseInt(fanOut));
    return arrivals.summary().toBuffer();
  }

  private Arrivals alongside(int run, int fanOut) {
    Arrivals made = new Arrivals(run, fanOut);
    runs.put(run, made);
    return made;
  }

  private Buffer turn() {
    turned = true;
    return new JsonObject().put("turned", true).toBuffer();
  }

  private Buffer gate(boolean closed) {
    gateClosed = closed;
    return new JsonObject().put("closed", closed).toBuffer();
  }

  private Arrivals run(String number) {
    return number.isEmpty() ? arrivals : runs.get(Integer.parseInt(number));
  }
}
