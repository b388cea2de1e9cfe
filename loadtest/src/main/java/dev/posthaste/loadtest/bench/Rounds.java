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
    for (int round = 1; round <= repeats; round++) {
      for (Study study : studies) {
        out.accept("round %d of %d  %s".formatted(round, repeats, study.code()));
        run(study);
      }
    }
    return results;
  }

  private void run(Study study) throws IOException, InterruptedException, SQLException {
    if (study == Study.DRAIN) {
      number++;
      new DrainRun(bed, number).run(runFolder()).forEach(this::keep);
      return;
    }
    for (Scenario scenario : study.scenarios()) {
      number++;
      out.accept("  " + scenario.title());
      keep(scenario, new ScenarioRun(bed, scenario, number).run(runFolder()));
    }
  }

  private Path runFolder() {
    return folder.resolve("run-" + number);
  }

  private void keep(Scenario scenario, Result result) {
    results.computeIfAbsent(scenario, any -> new ArrayList<>()).add(result);
  }
}
