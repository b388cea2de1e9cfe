package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.server.Pause;
import dev.posthaste.loadtest.server.Postgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** Everything that a run needs besides publisher and receiver: PostgreSQL, lines, nodes. */
final class Bed implements AutoCloseable {
  private static final Duration UP_WITHIN = Duration.ofMinutes(2);

  private final List<String> missing = new ArrayList<>();
  private final Optional<Disk> disk;
  private final Postgres postgres;
  private final List<Line> lines = new ArrayList<>();
  private final Fleet fleet;
  private final Optional<Path> clocks = ShiftedClock.library();

  /** Makes all of it and waits until the nodes are up. */
  Bed(Options options) throws IOException {
    this.disk = options.faults().contains(FaultKind.DISK) ? disk(options.work()) : Optional.empty();
    if (clocks.isEmpty() && options.faults().contains(FaultKind.CLOCK)) {
      missing.add("No clock was shifted: libfaketime is not installed.");
    }
    this.postgres =
        new Postgres(
            options.jar(),
            options.work(),
            disk.map(Disk::path).orElse(options.work()),
            Postgres.Room.SMALL);
    this.fleet = new Fleet(nodes(options));
    for (Node node : fleet.nodes()) {
      node.start();
      // The first one makes the tables.
      require(Pause.until(UP_WITHIN, () -> fleet.isReady(node)), "node " + node.number());
    }
  }

  private Optional<Disk> disk(Path work) throws IOException {
    try {
      return Optional.of(Disk.mount(work));
    } catch (IOException e) {
      missing.add("No disk was filled: none can be mounted here (" + e.getMessage() + ").");
      return Optional.empty();
    }
  }

  private List<Node> nodes(Options options) throws IOException {
    Path contracts = options.work().resolve("contracts");
    Contracts.write(options.jar(), contracts);
    Map<String, String> settings =
        NodeSettings.of(contracts, key(options.seed()), options.isRolling());
    List<Node> nodes = new ArrayList<>();
    for (int number = 0; number < options.nodes(); number++) {
      Line line = new Line(postgres.port());
      lines.add(line);
      nodes.add(new Node(number, options.jar(), options.work(), settings, line));
    }
    return nodes;
  }

  private static String key(long seed) {
    byte[] key = new byte[32];
    new Random(seed).nextBytes(key);
    return "run:" + Base64.getEncoder().encodeToString(key);
  }

  private static void require(boolean condition, String what) throws IOException {
    if (!condition) {
      throw new IOException(what + " does not come up");
    }
  }

  Fleet fleet() {
    return fleet;
  }

  Postgres postgres() {
    return postgres;
  }

  /** What of the plan cannot be done on this machine. */
  List<String> missing() {
    return missing;
  }

  Scene scene(long seed) {
    return new Scene(fleet, postgres, disk, clocks, new Random(seed));
  }

  /** The kinds of the plan that can be done here. */
  List<FaultKind> possible(List<FaultKind> kinds) {
    return kinds.stream()
        .filter(kind -> kind != FaultKind.DISK || disk.isPresent())
        .filter(kind -> kind != FaultKind.CLOCK || clocks.isPresent())
        .toList();
  }

  @Override
  public void close() throws IOException {
    fleet.close();
    for (Line line : lines) {
      line.close();
    }
    postgres.close();
    if (disk.isPresent()) {
      disk.get().close();
    }
  }
}
