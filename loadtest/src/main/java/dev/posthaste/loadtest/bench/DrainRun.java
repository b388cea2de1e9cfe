package dev.posthaste.loadtest.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Ten healthy endpoints under steady load, one that takes each event at its second try, and one
 * that goes down, misses very much, and comes back when all of it is due. Three windows: before,
 * while the backlog goes out, and after.
 */
final class DrainRun {
  private static final Scenario SCENARIO = Scenario.BEFORE;

  /** Runs of backlogs are numbered apart from those of generators. */
  private static final int BACKLOG_RUNS = 5_000;

  /** What writing a row may take, with a reserve: they must not be due before all are written. */
  private static final long NANOS_PER_ROW = 100_000;

  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final Bed bed;
  private final Phases phases;
  private final int number;

  DrainRun(Bed bed, Consumer<String> out, int number) {
    this.bed = bed;
    this.phases = new Phases(bed, out);
    this.number = number;
  }

  Map<Scenario, Result> run(Path folder) throws IOException, InterruptedException, SQLException {
    bed.arrivals().start(number, 1);
    bed.arrivals().startAlso(BACKLOG_RUNS + number);
    Fleet fleet = Fleet.create(bed.api(), SCENARIO, bed.arrivals().port());
    try (GeneratorRun generator = GeneratorRun.startEndless(bed, SCENARIO, number, folder)) {
      Audit audit = new Audit(bed, SCENARIO);
      generator.awaitWindow();
      phases.undisturbed(Scenario.BEFORE, generator);
      goDown();
      phases.measure(Scenario.DURING, generator, this::drain);
      phases.undisturbed(Scenario.AFTER, generator);
      generator.stop();
      audit.awaitArrivals(generator, generator.awaitAnswers());
      int late = awaitRetries();
      Tally tally = audit.counted(generator);
      Map<Metric, Double> end = phases.of(Scenario.AFTER);
      end.putAll(tally.counts());
      end.merge(Metric.LOST, (double) late, Double::sum);
      audit.others().forEach((what, count) -> end.merge(what, count, Double::sum));
      return phases.results(
          tally,
          generator.tally(bed.arrivals().times()),
          bed.arrivals().due(number),
          bed.arrivals().times(BACKLOG_RUNS + number));
    } finally {
      fleet.delete();
      Audit.clear(bed);
    }
  }

  /** Closes the gate, and opens it when the backlog is written and due. */
  private void goDown() throws IOException, InterruptedException, SQLException {
    bed.arrivals().gate(false);
    int last = SCENARIO.endpoints() - 1;
    String url = SCENARIO.role(last).url(last, bed.arrivals().port());
    long endpoint = bed.postgres().endpoints(List.of(url)).getLast();
    Instant due = Instant.now().plus(RESERVE).plusNanos(NANOS_PER_ROW * bed.wishes().rows());
    new Backlog(bed.postgres().connection(), endpoint, Fleet.type(last), BACKLOG_RUNS + number)
        .write(bed.wishes().rows(), due);
    if (Instant.now().isAfter(due)) {
      throw new IllegalStateException("the backlog was not written in time: the machine is busy");
    }
    Thread.sleep(Duration.between(Instant.now(), due));
    bed.arrivals().gate(true);
  }

  /** Until all has come again that was told to, or nothing has for long; how many have not. */
  private int awaitRetries() throws IOException, InterruptedException {
    long progress = System.nanoTime();
    int before = -1;
    while (true) {
      int missing = bed.arrivals().due(number).without(bed.arrivals().times(number));
      progress = missing == before ? progress : System.nanoTime();
      before = missing;
      if (missing == 0 || System.nanoTime() - progress > bed.timing().drainNanos()) {
        return missing;
      }
      Thread.sleep(200);
    }
  }

  /** Until all of the backlog has arrived, or nothing has for long. */
  private void drain(Map<Metric, Double> values) throws IOException, InterruptedException {
    long began = System.nanoTime();
    long progress = began;
    int arrived = 0;
    while (arrived < bed.wishes().rows()
        && System.nanoTime() - progress < bed.timing().drainNanos()) {
      Thread.sleep(200);
      int now = bed.arrivals().distinct(BACKLOG_RUNS + number);
      progress = now > arrived ? System.nanoTime() : progress;
      arrived = now;
    }
    double seconds = (progress - began) / 1e9;
    values.put(Metric.BACKLOG, (double) arrived);
    values.put(Metric.BACKLOG_TIME, seconds);
    values.put(Metric.BACKLOG_RATE, arrived / Math.max(seconds, 1e-3));
  }
}
