package dev.posthaste.loadtest.torture;

import dev.posthaste.loadtest.PathOptions;
import dev.posthaste.loadtest.server.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Breaks a cluster in every way this machine allows, and proves that nothing was lost. */
@Command(
    name = "torture",
    description = "Kill, pause, cut and fill what Posthaste runs on, and look for what it lost.",
    footer = {
      "",
      "Faults: kill-one kill-two kill-all pause stop clock postgres-kill postgres-stop cut silence",
      "delay pool disk; and rolling, a clean restart of every node in turn, to be given alone.",
      "Exit code 1 if anything did not hold; then logs and records are kept."
    },
    mixinStandardHelpOptions = true)
public final class TortureCommand implements Callable<Integer> {
  @Option(names = "--nodes", defaultValue = "3", description = "Default ${DEFAULT-VALUE}.")
  private int nodes;

  @Option(names = "--rate", defaultValue = "60", description = "Events per second, default 60.")
  private int rate;

  @Option(names = "--duration", defaultValue = "45", description = "Of the faults, in seconds.")
  private int duration;

  @Option(names = "--kills", description = "Go on until so many processes were killed instead.")
  private Optional<Integer> kills;

  @Option(names = "--seed", description = "Of the order of faults; default: another one each time.")
  private Optional<Long> seed;

  @Option(names = "--faults", split = ",", description = "Only these; default all but rolling.")
  private List<String> faults = List.of();

  @Option(
      names = "--hearing",
      defaultValue = "2000",
      description = {
        "Milliseconds until a node that is well must have heard of a change, default 2000: a second",
        "until it looks by itself, and another for a machine that is short of CPU. With cores to",
        "spare 100 will do: nodes are told with the commit."
      })
  private int hearing;

  @Mixin private PathOptions paths = new PathOptions();

  @Override
  public Integer call() throws IOException {
    WorkFolder work = WorkFolder.create(paths.out(), "torture");
    Options options =
        new Options(
            paths.jar(),
            work.path(),
            nodes,
            rate,
            Duration.ofSeconds(duration),
            kills.map(OptionalInt::of).orElse(OptionalInt.empty()),
            seed.orElseGet(() -> System.nanoTime() % 1_000_000),
            faults.isEmpty() ? FaultKind.byChance() : faults.stream().map(FaultKind::of).toList(),
            Duration.ofMillis(hearing));
    Verdict verdict = new TortureRun(options).run();
    Files.writeString(paths.out().resolve("torture.json"), verdict.json().encodePrettily() + "\n");
    say(verdict.table());
    if (verdict.holds()) {
      work.delete();
      return 0;
    }
    return 1;
  }

  @SuppressWarnings("SystemOut")
  private static void say(String text) {
    System.out.println(text);
  }
}
