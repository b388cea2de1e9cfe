package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Api;
import dev.posthaste.loadtest.server.Pause;
import dev.posthaste.loadtest.server.ServerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * All nodes, and the supervisor that every production has: it starts again what has ended by
 * itself, and counts those that ended after they had been up.
 */
final class Fleet implements AutoCloseable {
  private static final Duration TICK = Duration.ofMillis(200);

  private final List<Node> nodes;
  private final List<Api> apis;
  private final AtomicInteger deaths = new AtomicInteger();
  private final Thread atExit = new Thread(this::killAll, "kill nodes");
  private volatile boolean closed;

  Fleet(List<Node> nodes) {
    this.nodes = List.copyOf(nodes);
    this.apis = nodes.stream().map(node -> new Api(node.port(), ServerProcess.KEY)).toList();
    Runtime.getRuntime().addShutdownHook(atExit);
    Thread.ofVirtual().start(this::supervise);
  }

  List<Node> nodes() {
    return nodes;
  }

  /** How many nodes ended by themselves after they had been up. */
  int deaths() {
    return deaths.get();
  }

  /** Whether the node takes events. */
  boolean isReady(Node node) {
    try {
      return apis.get(node.number()).send("GET", "/health/ready", "").status() == 200;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  boolean allReady() {
    return nodes.stream().allMatch(this::isReady);
  }

  /** Sends to one node after the other until one gives an answer that is not its own trouble. */
  Api.Answer send(String method, String path, String body) {
    for (int i = 0; ; i++) {
      try {
        Api.Answer answer = apis.get(i % apis.size()).send(method, path, body);
        if (answer.status() < 500 && answer.status() != 429) {
          return answer;
        }
      } catch (UncheckedIOException e) {
        // The next one may be there.
      }
      Pause.millis(TICK.toMillis() / 2);
    }
  }

  private void supervise() {
    while (!closed) {
      for (Node node : nodes) {
        try {
          look(node);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
      Pause.millis(TICK.toMillis());
    }
  }

  private void look(Node node) throws IOException {
    synchronized (node) {
      if (!closed && node.diedByItself()) {
        if (node.wasUp()) {
          deaths.incrementAndGet();
        }
        node.start();
      }
    }
  }

  private void killAll() {
    closed = true;
    for (Node node : nodes) {
      try {
        node.kill();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Override
  public void close() {
    killAll();
    Runtime.getRuntime().removeShutdownHook(atExit);
    apis.forEach(Api::close);
  }
}
