package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.torture.FaultKind.Strike;
import java.util.List;
import java.util.function.Consumer;

/** What happens to the network between nodes and PostgreSQL. */
final class LineFaults {
  private LineFaults() {}

  /** Connections end, new ones are refused. */
  static Strike cut(Scene scene) {
    return disturb(scene, Line::cut, 100, 5_000);
  }

  /** Nothing comes through, nothing ends. */
  static Strike silence(Scene scene) {
    return disturb(scene, Line::silence, 1_000, 6_000);
  }

  /** Everything takes longer. */
  static Strike delay(Scene scene) {
    int millis = scene.random().nextInt(20, 300);
    Strike strike = disturb(scene, line -> line.delay(millis), 2_000, 5_000);
    return new Strike(strike.detail() + ", each piece by %d ms".formatted(millis), 0);
  }

  private static Strike disturb(Scene scene, Consumer<Line> disturbance, int least, int most) {
    List<Node> nodes = scene.any();
    nodes.forEach(node -> disturbance.accept(node.line()));
    long millis = scene.hold(least, most);
    nodes.forEach(node -> node.line().mend());
    return new Strike("%s for %d ms".formatted(Scene.names(nodes), millis), 0);
  }
}
