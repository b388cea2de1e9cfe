package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.MeasuringOptions;
import dev.posthaste.loadtest.server.WorkFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts everything on this machine, runs the scenarios in turn and prints the tables. */
@Command(
    name = "bench",
    description = "Measure target/posthaste.jar with its embedded PostgreSQL on this machine.",
    footer = {
      "",
      "Exit code 1 if an accepted event did not arrive, or if a publisher of rolling was answered",
      "5xx; never because of speed."
    },
    mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
  private static final List<Study> USUAL =
      List.of(
          Study.MAX, Study.TLS, Study.STEADY, Study.SLOW, Study.BATCH, Study.FANOUT, Study.START);

  /** Two builds take twice as long. */
  private static final List<Study> USUAL_OF_TWO = List.of(Study.MAX, Study.STEADY, Study.SLOW);

  private static final String BARE = "bare";

  @Spec private CommandSpec spec;

  @Mixin private RunOptions options;

  @Option(
      names = "--scenarios",
      split = ",",
      description = {
        "Any of ${COMPLETION-CANDIDATES}. Default max,tls,steady,slow,batch,fanout,start (14 minutes), of two builds max,steady,slow.",
        "max, steady, slow (receivers that take 100 ms), batch, fanout (10 endpoints for each event), start (to ready, on an existing database): one scenario each.",
        "tls: https with kept connections against http. handshakes: full ones against resumed ones, one for each delivery.",
        "isolation: hanging and failing neighbours, after a minute of warm-up. onset: the same neighbours, healthy until the second window begins. zipf: many endpoints, unevenly. drain: a large backlog (--rows) beside first attempts and retries of others.",
        "rolling: one node after the other (--nodes) is stopped and started again under load; four minutes.",
        "changes: an endpoint made at one of two nodes, then events posted to the other until one goes to it; 60 times.",
        "inflight: many slow requests in 512 MiB of heap, after a minute of warm-up, and the same with receivers that answer at once. tens: the first of these, and the same posted in batches of 10.",
        "endpoints: 1, 10, 1,000, 10,000, and the last at 5,000 events/s in a small heap; crowd: only that last one. nodes: 1, 2, 3 on one PostgreSQL. history: an empty log against one with --history-rows attempts, which are written first."
      })
  private List<Study> studies = List.of();

  @Option(
      names = "--repeats",
      defaultValue = "3",
      description = "Of all, default 3; medians are shown, and the lowest and the highest.")
  private int repeats;

  @Option(
      names = "--base",
      paramLabel = "JAR|COMMIT|bare",
      description = {
        "Another server to compare with, run by run; a commit is built in a working tree of its own, which is removed.",
        "bare: the least that a durable dispatcher can do (max, steady, slow, inflight); the ratio against it depends less on the machine."
      })
  private Optional<String> base;

  @Option(
      names = "--base-opts",
      description = "Options for its JVM, if they differ; without --base the jars are the same.")
  private Optional<String> baseOptions;

  @Option(names = "--markdown", paramLabel = "FILE", description = "Write the tables there, too.")
  private Optional<Path> markdown;

  @Override
  public Integer call() throws IOException, InterruptedException, SQLException {
    if (!ProcFs.isHere()) {
      say("The benchmark reads /proc and binds 127.0.0.0/8: it needs Linux.");
      return 2;
    }
    List<Study> asked = asked();
    WorkFolder work = WorkFolder.create(options.out(), "bench");
    Results results = new Results(builds(work.path()));
    try {
      runAll(asked, results, work.path());
    } catch (IOException | SQLException | IllegalStateException e) {
      // What was measured in an hour is worth keeping.
      say("A run failed; these are the ones before it. What there is of it is in " + work.path());
      show(results);
      throw e;
    }
    return end(results, work);
  }

  private int end(Results results, WorkFolder work) throws IOException {
    show(results);
    if (results.has(Metric.LOST)) {
      say("ACCEPTED EVENTS DID NOT ARRIVE. The server's log and data are in " + work.path());
      return 1;
    }
    if (results.has(Metric.FAULTS)) {
      say("PUBLISHERS WERE ANSWERED 5XX DURING RESTARTS. The servers' logs are in " + work.path());
      return 1;
    }
    say("Nothing was lost.");
    work.delete();
    return 0;
  }

  private List<Build> builds(Path work) throws IOException {
    Build here = options.build();
    if (!isOfTwo()) {
      return List.of(here);
    }
    List<String> own = baseOptions.map(MeasuringOptions::words).orElse(here.options());
    if (isBaseBare()) {
      return List.of(here.bare(own), here);
    }
    Path jar = base.isEmpty() ? here.jar() : Revision.jar(base.get(), work, BenchCommand::say);
    return List.of(new Build(base.orElse("base"), jar, own), here);
  }

  private boolean isOfTwo() {
    return base.isPresent() || baseOptions.isPresent();
  }

  private boolean isBaseBare() {
    return base.equals(Optional.of(BARE));
  }

  private void runAll(List<Study> asked, Results results, Path work)
      throws IOException, InterruptedException, SQLException {
    Map<Set<Needs>, List<Study>> byNeeds =
        asked.stream()
            .collect(Collectors.groupingBy(Study::needs, LinkedHashMap::new, Collectors.toList()));
    for (Map.Entry<Set<Needs>, List<Study>> group : byNeeds.entrySet()) {
      Path folder = work.resolve("group-" + group.getValue().getFirst().code());
      try (Beds beds = Beds.open(options, folder, results.builds(), group.getKey())) {
        new Rounds(beds, folder, BenchCommand::say, results).run(group.getValue(), repeats);
      }
    }
  }

  private List<Study> asked() {
    List<Study> asked = new ArrayList<>(studies);
    if (asked.isEmpty()) {
      asked.addAll(isOfTwo() ? USUAL_OF_TWO : USUAL);
    }
    if (asked.contains(Study.ENDPOINTS)) {
      // Which it is the last of.
      asked.remove(Study.CROWD);
    }
    for (Study study : asked) {
      if (isBaseBare() && !study.suitsBare()) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), "--base bare cannot do " + study.code());
      }
    }
    return asked.stream().distinct().toList();
  }

  private void show(Results results) throws IOException {
    List<String> arguments = spec.commandLine().getParseResult().originalArgs();
    Report report = new Report(results, options.timing(), Origin.of(arguments));
    Path json = options.out().resolve("bench.json");
    report.write(json);
    say(report.text());
    say("Written to " + json + ".");
    if (markdown.isPresent()) {
      Files.writeString(markdown.get(), report.markdown());
      say("Written to " + markdown.get() + ".");
    }
  }

  @SuppressWarnings("SystemOut")
  private static void say(String line) {
    System.out.println(line);
  }
}
