package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Pause;
import dev.posthaste.loadtest.server.Postgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * What the nemesis may break. Belongs to its thread.
 *
 * @param disk where PostgreSQL has one of its own that may be filled
 * @param clocks the library that shifts clocks, where there is one
 */
record Scene(
    Fleet fleet, Postgres postgres, Optional<Disk> disk, Optional<Path> clocks, Random random) {
  /** As many different nodes, or all if there are fewer. */
  List<Node> some(int count) {
    List<Node> nodes = new ArrayList<>(fleet.nodes());
    Collections.shuffle(nodes, random);
    return nodes.subList(0, Math.min(count, nodes.size()));
  }

  /** One node or more. */
  List<Node> any() {
    return some(random.nextInt(1, fleet.nodes().size() + 1));
  }

  List<Node> all() {
    return fleet.nodes();
  }

  /** Lets the fault last between two times, in milliseconds. */
  long hold(int least, int most) {
    long millis = random.nextLong(least, most + 1L);
    Pause.millis(millis);
    return millis;
  }

  static String names(List<Node> nodes) {
    return nodes.stream()
        .map(node -> "node " + node.number())
        .sorted()
        .collect(Collectors.joining(", "));
  }

  /** Everything works again. */
  void heal() throws IOException {
    if (disk.isPresent()) {
      disk.get().free();
    }
    postgres.start();
    for (Node node : all()) {
      node.line().mend();
      node.pause(false);
    }
  }
}
