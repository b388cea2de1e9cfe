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
  private final int mostPerHost;
  private final Map<SocketAddress, Host> hosts = new HashMap<>();

  /**
   * Has no connections.
   *
   * @param mostPerHost connections; what finds none free waits in order
   */
  Sender(Vertx vertx, int mostPerHost) {
    this.client = vertx.createNetClient(new NetClientOptions().setTcpNoDelay(true));
    this.mostPerHost = mostPerHost;
  }

  /** The HTTP status of the answer; fails if there is none. */
  Future<Integer> send(Addressees.Addressee target, Buffer body) {
    Promise<Integer> answered = Promise.promise();
    hosts.computeIfAbsent(target.place(), Host::new).take(new Job(target.request(body), answered));
    return answered.future();
  }

  private record Job(Buffer request, Promise<Integer> answered) {}

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
      } else if (open < mostPerHost) {
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
              });
    }

    void free(Line line) {
      idle.addLast(line);
      next();
    }

    void closed(Line line) {
      idle.remove(line);
      open--;
      next();
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
      Promise<Integer> done = underWay;
      host.free(this);
      done.complete(status);
    }

    private void closed() {
      host.closed(this);
      underWay.tryFail(new ClosedChannelException());
    }
  }
}
