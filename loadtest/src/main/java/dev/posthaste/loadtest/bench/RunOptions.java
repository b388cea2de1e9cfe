package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.MeasuringOptions;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What a run can be told, whoever asks for it. */
final class RunOptions {
  @Mixin private MeasuringOptions measuring = new MeasuringOptions();

  @Option(names = "--warmup", defaultValue = "10", description = "Seconds, default 10.")
  private int warmup;

  @Option(names = "--duration", defaultValue = "20", description = "Seconds, default 20.")
  private int duration;

  @Option(
      names = "--connections",
      description = "Of the generator; default 256, at fixed rates 64, batch 8.")
  private Optional<Integer> connections;

  @Option(
      names = "--rate",
      description =
          "Events a second of isolation and drain, default 3000; of rolling, default 1500.")
  private Optional<Double> rate = Optional.empty();

  @Option(names = "--nodes", defaultValue = "2", description = "Of rolling, default 2.")
  private int nodes;

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

  Bed.Timing timing() {
    return new Bed.Timing(warmup, duration, measuring.drain());
  }

  Bed.Wishes wishes() {
    return new Bed.Wishes(connections, rate, nodes, rows, history);
  }

  Path out() {
    return measuring.out();
  }

  /** The server of this working tree. */
  Build build() {
    return new Build("this", measuring.jar(), measuring.serverOptionList());
  }

  Map<String, String> environment() {
    return measuring.serverEnvironment();
  }
}
