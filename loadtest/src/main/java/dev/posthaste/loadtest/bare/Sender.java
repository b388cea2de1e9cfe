package dev.posthaste.loadtest.bare;

import dev.posthaste.loadtest.wire.Head;
import dev.posthaste.loadtest.wire.MessageStream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;

/**
 * Posts over kept connections, one request at a time on each, by hand: a head that is ready, and of
 * the answer only the status. Belongs to one event loop.
 */
final class Sender {
  private final NetClient client;
  private final Limits limits;
  private final Map<SocketAddress, Host> hosts = new HashMap<>();
  private final Queue<Job> waiting = new ArrayDeque<>();
  private int inFlight;

  /** Has no connections. */
  Sender(Vertx vertx, Limits limits) {
    this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    this.limits = limits;
  }

  /**
   * What is over them waits.
   *
   * @param inFlight requests
   * @param perHost connections
   */
  record Limits(int inFlight, int perHost) {
    /** What each of so many event loops may have of them. */
    Limits share(int loops) {
      return new Limits(Math.ceilDiv(inFlight, loops), Math.ceilDiv(perHost, loops));
    }
  }

  /** The HTTP status of the answer; fails if there is none. */
  Future<Integer> send(Addressees.Addressee target, Buffer body) {
    Job job = new Job(target.place(), target.request(body), Promise.promise());
    waiting.add(job);
    sendMore();
    return job.answered().future();
  }

  private void sendMore() {
    while (inFlight < limits.inFlight() && !waiting.isEmpty()) {
      inFlight++;
      Job job = waiting.remove();
      hosts.computeIfAbsent(job.place(), Host::new).take(job);
    }
  }

  private void ended() {
    inFlight--;
    sendMore();
  }

  private record Job(SocketAddress place, Buffer request, Promise<Integer> answered) {}

  /** The connections to one address. */
  private final class Host {
    private final SocketAddress place;
    private final Deque<Line> idle = new ArrayDeque<>();
    private final Queue<Job> waiting = new ArrayDeque<>();
    private int open;

    Host(SocketAddress place) {
      this.place = place;
    }

    void take(Job job) {
      Line line = idle.pollLast();
      if (line != null) {
        line.run(job);
      } else if (open < limits.perHost()) {
        open++;
        connect(job);
      } else {
        waiting.add(job);
      }
    }

    private void connect(Job job) {
      client
          .connect(place)
          .onSuccess(socket -> new Line(this, socket).run(job))
          .onFailure(
              e -> {
                open--;
                job.answered().fail(e);
                next();
                ended();
              });
    }

    void free(Line line) {
      idle.addLast(line);
      next();
      ended();
    }

    void closed(Line line, boolean underWay) {
      idle.remove(line);
      open--;
      next();
      if (underWay) {
        ended();
      }
    }

    private void next() {
      if (!waiting.isEmpty()) {
        take(waiting.remove());
      }
    }
  }

  /** One connection. */
  private static final class Line {
    private final Host host;
    private final NetSocket socket;
    private Promise<Integer> underWay = Promise.promise();

    Line(Host host, NetSocket socket) {
      this.host = host;
      this.socket = socket;
      MessageStream answers =
          new MessageStream((bytes, start, bodyStart, end) -> answered(Head.status(bytes, start)));
      socket.handler(piece -> answers.feed(piece.getBytes()));
      socket.exceptionHandler(e -> socket.close());
      socket.closeHandler(closed -> closed());
    }

    void run(Job job) {
      underWay = job.answered();
      socket.write(job.request());
    }

    private void answered(int status) {
      underWay.complete(status);
      host.free(this);
    }

    private void closed() {
      boolean unanswered = underWay.tryFail(new ClosedChannelException());
      host.closed(this, unanswered);
    }
  }
}
