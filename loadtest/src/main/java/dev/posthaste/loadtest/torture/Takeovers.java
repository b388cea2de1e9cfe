package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.torture.check.Span;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** When nodes took others over, as their logs tell. */
final class Takeovers {
  private static final String MARK = "Took over a node";

  private Takeovers() {}

  static List<Span> in(List<Node> nodes, RunClock clock) throws IOException {
    List<Span> found = new ArrayList<>();
    for (Node node : nodes) {
      try (Stream<String> lines = Files.lines(node.log())) {
        lines
            .filter(line -> line.contains(MARK))
            .map(line -> clock.microsAt(Instant.parse(line.substring(0, line.indexOf(' ')))))
            .forEach(at -> found.add(new Span(at, at)));
      }
    }
    return found;
  }
}
