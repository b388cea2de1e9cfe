package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.wire.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;

/**
 * Nodes on one PostgreSQL under steady load. Two windows: in the first nothing happens, in the
 * second each node in turn gets SIGTERM and is started again; the next one waits until it is ready.
 */
final class RollingRun {
  private final Bed bed;
  private final Consumer<String> out;
  private final Phases phases;
  private final int number;

  RollingRun(Bed bed, Consumer<String> out, int number) {
    this.bed = bed;
    this.out = out;
    this.phases = new Phases(bed, out);
    this.number = number;
  }

  Map<Scenario, Result> run(Path folder) throws IOException, InterruptedException, SQLException {
    bed.arrivals().start(number, 1);
    Fleet fleet = Fleet.create(bed.api(), Scenario.ROLLING, bed.arrivals().port());
    try (GeneratorRun generator =
        GeneratorRun.startEndless(bed, Scenario.ROLLING, number, folder)) {
      generator.awaitWindow();
      phases.undisturbed(Scenario.STANDING, generator);
      phases.measure(Scenario.ROLLING, generator, this::roll);
      generator.stop();
      double drained =
          new Audit(bed, Scenario.ROLLING).awaitArrivals(generator, generator.awaitAnswers());
      Tally tally = generator.tally(bed.arrivals().times());
      Map<Metric, Double> end = phases.of(Scenario.ROLLING);
      end.put(Metric.DRAIN, drained);
      end.put(Metric.REPEATS, (double) bed.arrivals().summary().getInteger("repeats"));
      end.putAll(tally.counts());
      end.putAll(tally.repeats());
      return phases.results(tally, tally, new Timeline(), new Timeline());
    } finally {
      fleet.delete();
    }
  }

  private void roll(Map<Metric, Double> values) throws IOException, InterruptedException {
    double[] seconds = new double[bed.cluster().size()];
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = bed.cluster().restart(i);
      out.accept(
          String.format(
              Locale.ROOT, "    node %d: %.1f s from SIGTERM to ready again", i + 1, seconds[i]));
    }
    values.put(Metric.RESTART, Result.median(seconds));
    values.put(Metric.RESTART_MOST, DoubleStream.of(seconds).max().orElseThrow());
  }
}
