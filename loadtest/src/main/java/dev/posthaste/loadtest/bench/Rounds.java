package dev.posthaste.loadtest.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The runs on some servers. The scenarios take turns, and in each the builds, so that what changes
 * with time (a warm JVM, a busy machine) meets all of them alike.
 */
final class Rounds {
  private final Beds beds;
  private final Path folder;
  private final Consumer<String> out;
  private final Results results;
  private int number;

  Rounds(Beds beds, Path folder, Consumer<String> out, Results results) {
    this.beds = beds;
    this.folder = folder;
    this.out = out;
    this.results = results;
  }

  /** Makes all runs and keeps what they bring. */
  void run(List<Study> studies, int repeats)
      throws IOException, InterruptedException, SQLException {
    for (Study study : studies) {
      warnOfFewSockets(study);
      boolean first = study == studies.getFirst();
      if (study.compares() || (first && results.builds().size() > 1)) {
        out.accept("once unmeasured, so that none of those compared is the first  " + study.code());
        unmeasured(study);
      }
    }
    for (int round = 1; round <= repeats; round++) {
      Set<Scenario> done = EnumSet.noneOf(Scenario.class);
      for (Study study : studies) {
        out.accept("round %d of %d  %s".formatted(round, repeats, study.code()));
        run(study, done, round);
      }
    }
  }

  private void warnOfFewSockets(Study study) throws IOException {
    for (Bed bed : beds.all()) {
      long limit = ProcFs.openFilesLimit(bed.cluster().first().pid());
      if (limit < study.sockets()) {
        out.accept(
            "%s needs %,d open sockets, the limit is %,d: raise it with ulimit -n"
                .formatted(study.code(), study.sockets(), limit));
      }
    }
  }

  /** Each server once. */
  private void unmeasured(Study study) throws IOException, InterruptedException, SQLException {
    for (Needs needs : study.needs()) {
      Scenario first =
          study.scenarios().stream().filter(s -> s.needs().equals(needs)).findFirst().orElseThrow();
      for (Build build : results.builds()) {
        once(build, first);
      }
    }
  }

  private void run(Study study, Set<Scenario> done, int round)
      throws IOException, InterruptedException, SQLException {
    if (study == Study.START && round > 1) {
      return;
    }
    if (study.isWhole()) {
      for (Build build : results.builds()) {
        whole(study, build);
      }
      return;
    }
    for (Scenario scenario : study.scenarios()) {
      if (done.add(scenario)) {
        out.accept("  " + scenario.title());
        for (Build build : results.builds()) {
          results.add(build, scenario, once(build, scenario));
        }
      }
    }
  }

  /** What is one run although it may have several columns. */
  private void whole(Study study, Build build)
      throws IOException, InterruptedException, SQLException {
    Bed bed = beds.bed(build, study.needs().iterator().next());
    Scenario first = study.scenarios().getFirst();
    bed.cluster().resize(study == Study.ROLLING ? bed.wishes().nodes() : first.nodes());
    if (study == Study.START) {
      Map<Scenario, List<Result>> starts = new StartRun(bed.cluster()).run();
      starts.forEach((scenario, all) -> all.forEach(one -> results.add(build, scenario, one)));
      return;
    }
    number++;
    Map<Scenario, Result> parts =
        switch (study) {
          case ROLLING -> new RollingRun(bed, out, number).run(runFolder());
          case ONSET -> new OnsetRun(bed, out, number).run(runFolder());
          case CHANGES -> new ChangesRun(bed, number).run();
          default -> new DrainRun(bed, out, number).run(runFolder());
        };
    parts.forEach((scenario, result) -> results.add(build, scenario, result));
  }

  private Result once(Build build, Scenario scenario)
      throws IOException, InterruptedException, SQLException {
    number++;
    return new ScenarioRun(beds.bed(build, scenario.needs()), scenario, number).run(runFolder());
  }

  private Path runFolder() {
    return folder.resolve("run-" + number);
  }
}
