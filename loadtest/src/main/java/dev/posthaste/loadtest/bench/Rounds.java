package dev.posthaste.loadtest.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The runs on one server. The scenarios take turns, so that what changes with time (a warm JVM, a
 * busy machine) meets all of them alike.
 */
final class Rounds {
  private final Bed bed;
  private final Path folder;
  private final Consumer<String> out;
  private final Map<Scenario, List<Result>> results = new EnumMap<>(Scenario.class);
  private int number;

  Rounds(Bed bed, Path folder, Consumer<String> out) {
    this.bed = bed;
    this.folder = folder;
    this.out = out;
  }

  Map<Scenario, List<Result>> run(List<Study> studies, int repeats)
      throws IOException, InterruptedException, SQLException {
    for (Study study : studies) {
      warnOfFewSockets(study);
      if (study.compares()) {
        out.accept("once unmeasured, so that none of those compared is the first  " + study.code());
        once(study.scenarios().getFirst());
      }
    }
    for (int round = 1; round <= repeats; round++) {
      for (Study study : studies) {
        out.accept("round %d of %d  %s".formatted(round, repeats, study.code()));
        run(study);
      }
    }
    return results;
  }

  private void warnOfFewSockets(Study study) throws IOException {
    long limit = ProcFs.openFilesLimit(bed.server().pid());
    if (limit < study.sockets()) {
      out.accept(
          "%s needs %,d open sockets, the limit is %,d: raise it with ulimit -n"
              .formatted(study.code(), study.sockets(), limit));
    }
  }

  private void run(Study study) throws IOException, InterruptedException, SQLException {
    if (study == Study.DRAIN) {
      number++;
      new DrainRun(bed, out, number).run(runFolder()).forEach(this::keep);
      return;
    }
    for (Scenario scenario : study.scenarios()) {
      out.accept("  " + scenario.title());
      keep(scenario, once(scenario));
    }
  }

  private Result once(Scenario scenario) throws IOException, InterruptedException, SQLException {
    number++;
    return new ScenarioRun(bed, scenario, number).run(runFolder());
  }

  private Path runFolder() {
    return folder.resolve("run-" + number);
  }

  private void keep(Scenario scenario, Result result) {
    results.computeIfAbsent(scenario, any -> new ArrayList<>()).add(result);
  }
}
