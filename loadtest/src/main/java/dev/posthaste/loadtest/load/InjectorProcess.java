package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.server.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Gatling in a process of its own. */
final class InjectorProcess implements AutoCloseable {
  private static final int ASSERTIONS_FAILED = 2;

  /** For the simulation and its connections; each event takes some sixty bytes more. */
  private static final long HEAP_MEBIBYTES = 768;

  private static final long EVENTS_PER_MEBIBYTE = 12_000;

  private final Process process;
  private final Order order;

  private InjectorProcess(Process process, Order order) {
    this.process = process;
    this.order = order;
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
  }

  /**
   * What it shall do.
   *
   * @param folder that holds {@code plan.txt}, and gets the ledgers and the log
   * @param reports for Gatling's own files
   */
  record Order(Path jar, Profile profile, Path folder, Path reports, long events, boolean html) {}

  static InjectorProcess start(Order order) throws IOException {
    Path log = order.folder().resolve("injector.log");
    Process process =
        new ProcessBuilder(command(order))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    process.getOutputStream().close();
    return new InjectorProcess(process, order);
  }

  private static List<String> command(Order order) {
    List<String> command = new ArrayList<>(List.of(ChildProcess.java()));
    long heap = HEAP_MEBIBYTES + order.events() / EVENTS_PER_MEBIBYTE;
    command.addAll(List.of("-XX:+UseSerialGC", "-Xms512m", "-Xmx" + heap + "m"));
    if (Runtime.version().feature() >= 23) {
      // Netty's use of it is known; a warning on each start is noise.
      command.add("--sun-misc-unsafe-memory-access=allow");
    }
    command.add("-Dplan=" + order.folder().resolve("plan.txt"));
    command.add("-Dledgers=" + order.folder());
    command.addAll(List.of("-jar", order.jar().toAbsolutePath().toString()));
    command.addAll(List.of("--simulation", order.profile().simulation()));
    command.addAll(List.of("--run-description", order.profile().code()));
    command.addAll(List.of("--results-folder", order.reports().toAbsolutePath().toString()));
    if (!order.html()) {
      command.add("--no-reports");
    }
    return command;
  }

  /** Waits a while; whether it has ended. */
  boolean hasEnded(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /**
   * Whether its assertions hold.
   *
   * @throws IOException if it failed altogether
   */
  boolean holds() throws IOException {
    if (!Files.exists(order.folder().resolve("began.txt"))) {
      throw new IOException("the injector failed: see " + order.folder().resolve("injector.log"));
    }
    return process.exitValue() != ASSERTIONS_FAILED;
  }

  /** Gatling's report, if it wrote one. */
  Optional<Path> report() throws IOException {
    if (!Files.isDirectory(order.reports())) {
      return Optional.empty();
    }
    try (Stream<Path> folders = Files.list(order.reports())) {
      return folders.map(each -> each.resolve("index.html")).filter(Files::exists).findFirst();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
