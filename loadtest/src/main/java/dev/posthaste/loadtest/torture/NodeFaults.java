package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Pause;
import dev.posthaste.loadtest.torture.FaultKind.Strike;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** What happens to processes. */
final class NodeFaults {
  /** Longer than it takes the others to take over. */
  private static final int LEFT_DEAD_MILLIS = 5_000;

  private static final int SHIFT_SECONDS = 25;
  private static final Duration UP_WITHIN = Duration.ofMinutes(2);

  private NodeFaults() {}

  /** Sometimes started again at once, sometimes after the others have taken over. */
  static Strike kill(Scene scene, int count) throws IOException {
    List<Node> nodes = scene.some(count);
    for (Node node : nodes) {
      node.kill();
    }
    long dead = scene.random().nextBoolean() ? scene.hold(0, LEFT_DEAD_MILLIS) : 0;
    for (Node node : nodes) {
      node.start();
    }
    return new Strike(
        "%s, started again after %d ms".formatted(Scene.names(nodes), dead), nodes.size());
  }

  /** SIGSTOP for longer than a lease, so that the others take over what is still alive. */
  static Strike pause(Scene scene) throws IOException {
    List<Node> nodes = scene.some(scene.random().nextInt(1, 3));
    for (Node node : nodes) {
      node.pause(true);
    }
    long still = scene.hold(2_500, 7_000);
    for (Node node : nodes) {
      node.pause(false);
    }
    return new Strike("%s for %d ms".formatted(Scene.names(nodes), still), 0);
  }

  /** SIGTERM, and a start at once. */
  static Strike stop(Scene scene) throws IOException {
    Node node = scene.some(1).getFirst();
    return new Strike(restart(node), 0);
  }

  private static String restart(Node node) throws IOException {
    long began = System.nanoTime();
    boolean clean = node.terminate();
    long millis = (System.nanoTime() - began) / 1_000_000;
    node.start();
    return "node %d %s after %d ms"
        .formatted(node.number(), clean ? "left" : "HAD TO BE KILLED", millis);
  }

  /** A crash after which the node's wall clock is fast or slow; another one sets it right. */
  static Strike shiftClock(Scene scene) throws IOException {
    Node node = scene.some(1).getFirst();
    int seconds = scene.random().nextBoolean() ? SHIFT_SECONDS : -SHIFT_SECONDS;
    node.kill();
    node.start(ShiftedClock.environment(scene.clocks().orElseThrow(), seconds));
    scene.hold(6_000, 10_000);
    node.kill();
    node.start();
    return new Strike("node %d by %+d s".formatted(node.number(), seconds), 2);
  }

  /** Every node in turn, the next one only when the one before is back. */
  static Strike roll(Scene scene) throws IOException {
    StringBuilder detail = new StringBuilder();
    for (Node node : scene.all()) {
      detail.append(detail.isEmpty() ? "" : ", ").append(restart(node));
      Pause.until(UP_WITHIN, () -> scene.fleet().isReady(node));
      scene.hold(500, 1_000);
    }
    return new Strike(detail.toString(), 0);
  }
}
