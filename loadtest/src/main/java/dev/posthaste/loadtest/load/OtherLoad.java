package dev.posthaste.loadtest.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How much of the machine went to processes that are not of the run. Known on Linux, when the
 * server is here too.
 */
final class OtherLoad {
  private static final Path STAT = Path.of("/proc/stat");

  /** USER_HZ, which is 100 on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  /** Columns of the first line: user, nice, system, then idle and iowait, irq and softirq. */
  private static final int[] BUSY = {1, 2, 3, 6, 7};

  private final Optional<ProcessHandle> postgres;
  private final long beganNanos = System.nanoTime();
  private final double busyBefore;
  private final double ownBefore;
  private double share;

  private OtherLoad(Optional<ProcessHandle> postgres) {
    this.postgres = postgres;
    this.busyBefore = busySeconds();
    this.ownBefore = ownSeconds();
  }

  /** Begins to look. */
  static Optional<OtherLoad> watch(Stand stand) throws IOException {
    if (!Files.isReadable(STAT) || stand.dataFolder().isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new OtherLoad(postmaster(stand.dataFolder().get())));
  }

  /** The embedded PostgreSQL is nobody's child. */
  private static Optional<ProcessHandle> postmaster(Path data) throws IOException {
    try (Stream<Path> files = Files.walk(data, 3)) {
      Optional<Path> file =
          files.filter(path -> path.getFileName().toString().equals("postmaster.pid")).findFirst();
      return file.isEmpty()
          ? Optional.empty()
          : ProcessHandle.of(Long.parseLong(Files.readAllLines(file.get()).getFirst().strip()));
    }
  }

  /** Looks again. What has ended is not seen any more, so the last look must come before. */
  void look() {
    double available =
        Runtime.getRuntime().availableProcessors() * (System.nanoTime() - beganNanos) / 1e9;
    double others = busySeconds() - busyBefore - (ownSeconds() - ownBefore);
    share = Math.clamp(others / available, 0, 1);
  }

  /** The others' share of all cores up to the last look: 0 to 1. */
  double share() {
    return share;
  }

  private double ownSeconds() {
    ProcessHandle self = ProcessHandle.current();
    Stream<ProcessHandle> family = Stream.concat(Stream.of(self), self.descendants());
    Stream<ProcessHandle> database =
        postgres.stream().flatMap(each -> Stream.concat(Stream.of(each), each.descendants()));
    return Stream.concat(family, database)
        .distinct()
        .map(each -> each.info().totalCpuDuration().orElse(Duration.ZERO))
        .mapToDouble(time -> time.toNanos() / 1e9)
        .sum();
  }

  private static double busySeconds() {
    try (Stream<String> lines = Files.lines(STAT)) {
      String[] all = lines.findFirst().orElseThrow().split(" +", -1);
      double ticks = 0;
      for (int column : BUSY) {
        ticks += Double.parseDouble(all[column]);
      }
      return ticks / TICKS_PER_SECOND;
    } catch (IOException e) {
      return 0;
    }
  }
}
