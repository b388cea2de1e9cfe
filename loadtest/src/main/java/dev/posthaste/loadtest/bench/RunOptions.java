package dev.posthaste.loadtest.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Option;

/** What a run can be told, whoever asks for it. */
final class RunOptions {
  @Option(names = "--warmup", defaultValue = "10", description = "Seconds, default 10.")
  private int warmup;

  @Option(names = "--duration", defaultValue = "20", description = "Seconds, default 20.")
  private int duration;

  @Option(
      names = "--drain",
      defaultValue = "60",
      description = "Seconds without an arrival until what is missing counts as lost.")
  private int drain;

  @Option(names = "--jar", defaultValue = "target/posthaste.jar", description = "The server.")
  private Path jar;

  @Option(
      names = "--server-opts",
      defaultValue = "",
      description = "Options for the server's JVM, separated by spaces.")
  private String serverOptions;

  @Option(
      names = "--server-env",
      paramLabel = "NAME=VALUE",
      description = "A setting of the server, such as POSTHASTE_INGEST_FLUSHES_IN_FLIGHT=1.")
  private Map<String, String> serverEnvironment = new TreeMap<>();

  @Option(
      names = "--connections",
      description = "Of the generator; default 256, at fixed rates 64, batch 8.")
  private Optional<Integer> connections;

  @Option(
      names = "--rate",
      defaultValue = "3000",
      description = "Events a second of isolation and drain, default 3000.")
  private double rate;

  @Option(
      names = "--rows",
      defaultValue = "1000000",
      description = "Deliveries that wait when the endpoint of drain comes back, default 1000000.")
  private int rows;

  @Option(
      names = "--history-rows",
      defaultValue = "10000000",
      description = "Attempts in the log of old, in the study history; default 10000000.")
  private long history;

  @Option(names = "--out", defaultValue = "loadtest/target", description = "Folder for results.")
  private Path out;

  Bed.Timing timing() {
    return new Bed.Timing(warmup, duration, drain);
  }

  Bed.Wishes wishes() {
    return new Bed.Wishes(connections, rate, rows, history);
  }

  Path out() {
    return out;
  }

  /** The server of this working tree. */
  Build build() {
    return new Build("this", jar, words(serverOptions));
  }

  Map<String, String> environment() {
    return serverEnvironment;
  }

  static List<String> words(String text) {
    return text.isBlank() ? List.of() : List.of(text.strip().split(" +"));
  }
}
