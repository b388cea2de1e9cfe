package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.WorkFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs one scenario with a recorder on the server and prints where the time goes. */
@Command(
    name = "profile",
    description = {
      "Run one scenario with the JVM's flight recorder on the server, or with async-profiler if the",
      "environment variable ASYNC_PROFILER is the path of its library. Leaves OUT/profile.jfr."
    },
    mixinStandardHelpOptions = true)
public final class ProfileCommand implements Callable<Integer> {
  @Mixin private RunOptions options;

  @Option(
      names = "--scenario",
      defaultValue = "max",
      description = "One of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
  private Scenario scenario;

  @Option(names = "--lines", defaultValue = "25", description = "Of each table, default 25.")
  private int lines;

  @Override
  @SuppressWarnings("SystemOut")
  public Integer call() throws IOException, InterruptedException, SQLException {
    WorkFolder work = WorkFolder.create(options.out(), "profile");
    Path recording = options.out().toAbsolutePath().resolve("profile.jfr");
    Build build = options.build();
    Result result;
    try (Beds beds = Beds.open(options, work.path(), List.of(build), List.of(scenario.needs()))) {
      Bed bed = beds.bed(build, scenario.needs());
      System.out.println(scenario.title());
      result = new ScenarioRun(bed, scenario, 1, recorder(recording)).run(work.path());
    }
    System.out.print(Profile.read(recording).text(lines));
    System.out.printf(
        "%nWith the recorder on: %s deliveries/s, %s µs/event of the server. The recording is %s.%n",
        Metric.DELIVERED.format(result.of(Metric.DELIVERED)),
        Metric.SERVER_CPU.format(result.of(Metric.SERVER_CPU)),
        recording);
    work.delete();
    return 0;
  }

  private static Recorder recorder(Path recording) {
    return Optional.ofNullable(System.getenv("ASYNC_PROFILER"))
        .filter(library -> !library.isEmpty())
        .map(library -> Recorder.asyncProfiler(Path.of(library), recording))
        .orElseGet(() -> Recorder.jfr(recording));
  }
}
