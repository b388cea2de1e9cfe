package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.Api;
import dev.posthaste.loadtest.server.ChildProcess;
import dev.posthaste.loadtest.server.ServerProcess;
import dev.posthaste.loadtest.server.WorkFolder;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Starts everything on this machine, runs the scenarios in turn and prints the table. */
@Command(
    name = "bench",
    description = "Measure target/posthaste.jar with its embedded PostgreSQL on this machine.",
    footer = {"", "Exit code 1 if an accepted event did not arrive; never because of speed."},
    mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
  @Option(
      names = "--scenarios",
      split = ",",
      defaultValue = "max,steady,slow,batch",
      description = {
        "Any of ${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.",
        "The last four compare a disturbed run with one without: hanging and failing neighbours,",
        "many endpoints, many slow requests in 512 MiB of heap, a large backlog."
      })
  private List<Study> studies;

  @Option(names = "--repeats", defaultValue = "1", description = "Of all; medians are shown.")
  private int repeats;

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
      description = "Of the generator; default 256, steady 64, batch 8.")
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

  @Option(names = "--out", defaultValue = "loadtest/target", description = "Folder for results.")
  private Path out;

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    if (!ProcFs.isHere()) {
      say("The benchmark reads /proc and binds 127.0.0.0/8: it needs Linux.");
      return 2;
    }
    WorkFolder work = WorkFolder.create(out, "bench");
    Report report = new Report(runAll(work.path()), timing());
    report.write(out.resolve("bench.json"));
    say(report.table());
    say("Written to " + out.resolve("bench.json") + ".");
    if (report.anythingLost()) {
      say("ACCEPTED EVENTS DID NOT ARRIVE. The server's log and data are in " + work.path());
      return 1;
    }
    say("Nothing was lost.");
    work.delete();
    return 0;
  }

  private Map<Scenario, List<Result>> runAll(Path work)
      throws IOException, InterruptedException, SQLException {
    serverEnvironment.putIfAbsent("POSTHASTE_LOGGING_LEVEL", "warn");
    Map<Study.Needs, List<Study>> byNeeds =
        studies.stream()
            .distinct()
            .collect(Collectors.groupingBy(Study::needs, LinkedHashMap::new, Collectors.toList()));
    Map<Scenario, List<Result>> results = new EnumMap<>(Scenario.class);
    for (Map.Entry<Study.Needs, List<Study>> group : byNeeds.entrySet()) {
      results.putAll(onServer(group.getKey(), group.getValue(), work));
    }
    return results;
  }

  private Map<Scenario, List<Result>> onServer(Study.Needs needs, List<Study> group, Path work)
      throws IOException, InterruptedException, SQLException {
    int receiverPort = ServerProcess.freePort();
    Map<String, String> environment = new TreeMap<>(serverEnvironment);
    needs.environment().forEach(environment::putIfAbsent);
    Path folder = work.resolve(needs.name());
    ServerProcess.Plan plan =
        new ServerProcess.Plan(jar, folder, needs.options(options()), environment);
    try (ServerProcess server = ServerProcess.start(plan);
        PostgresProbe postgres = PostgresProbe.of(server.dataFolder());
        ChildProcess receiver =
            ChildProcess.start(List.of("receiver", "--port", String.valueOf(receiverPort)));
        HttpClient http = HttpClient.newHttpClient();
        Api api = new Api(server.port(), ServerProcess.KEY)) {
      receiver.await("receiving");
      ReceiverClient arrivals = new ReceiverClient(receiverPort, http);
      Bed.Wishes wishes = new Bed.Wishes(connections, rate, rows);
      Bed bed = new Bed(server, postgres, receiver, arrivals, api, timing(), wishes);
      return new Rounds(bed, folder, BenchCommand::say).run(group, repeats);
    }
  }

  private List<String> options() {
    return serverOptions.isBlank() ? List.of() : List.of(serverOptions.strip().split(" +"));
  }

  private Bed.Timing timing() {
    return new Bed.Timing(warmup, duration, drain);
  }

  @SuppressWarnings("SystemOut")
  private static void say(String line) {
    System.out.println(line);
  }
}
