package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.wire.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A hundred healthy endpoints under steady load, twenty of which turn all at once: what the others
 * notice while nobody knows yet who is sick. Two windows: before, and from that moment on.
 */
final class OnsetRun {
  private static final Scenario SCENARIO = Scenario.SOUND;

  private final Bed bed;
  private final Phases phases;
  private final int number;

  OnsetRun(Bed bed, Consumer<String> out, int number) {
    this.bed = bed;
    this.phases = new Phases(bed, out);
    this.number = number;
  }

  Map<Scenario, Result> run(Path folder) throws IOException, InterruptedException, SQLException {
    bed.arrivals().start(number, 1);
    Fleet fleet = Fleet.create(bed.api(), SCENARIO, bed.arrivals().port());
    try (GeneratorRun generator = GeneratorRun.startEndless(bed, SCENARIO, number, folder)) {
      Audit audit = new Audit(bed, SCENARIO);
      generator.awaitWindow();
      phases.undisturbed(Scenario.SOUND, generator);
      phases.measure(Scenario.TURNED, generator, values -> turn());
      generator.stop();
      audit.awaitArrivals(generator, generator.awaitAnswers());
      Tally tally = audit.counted(generator);
      Map<Metric, Double> end = phases.of(Scenario.TURNED);
      end.putAll(tally.counts());
      audit.others().forEach((what, count) -> end.merge(what, count, Double::sum));
      return phases.results(
          tally,
          generator.tally(bed.arrivals().times()),
          bed.arrivals().due(number),
          new Timeline());
    } finally {
      fleet.delete();
      Audit.clear(bed);
    }
  }

  private void turn() throws IOException, InterruptedException {
    bed.arrivals().turn();
    Thread.sleep(bed.timing().duration() * 1000L);
  }
}
