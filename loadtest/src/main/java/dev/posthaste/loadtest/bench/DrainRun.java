package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.wire.Timeline;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Ten healthy endpoints under steady load and an eleventh that goes down, misses very much, and
 * comes back when all of it is due. Three windows: before, while the backlog goes out, and after.
 */
final class DrainRun {
  private static final Scenario SCENARIO = Scenario.BEFORE;

  /** Runs of backlogs are numbered apart from those of generators. */
  private static final int BACKLOG_RUNS = 5_000;

  /** What writing a row may take, with a reserve: they must not be due before all are written. */
  private static final long NANOS_PER_ROW = 100_000;

  private static final Duration RESERVE = Duration.ofSeconds(5);

  private final Bed bed;
  private final Consumer<String> out;
  private final int number;
  private final Map<Scenario, Costs> windows = new EnumMap<>(Scenario.class);
  private final Map<Scenario, Map<Metric, Double>> values = new EnumMap<>(Scenario.class);

  DrainRun(Bed bed, Consumer<String> out, int number) {
    this.bed = bed;
    this.out = out;
    this.number = number;
    Study.DRAIN.scenarios().forEach(phase -> values.put(phase, new EnumMap<>(Metric.class)));
  }

  Map<Scenario, Result> run(Path folder) throws IOException, InterruptedException, SQLException {
    bed.arrivals().start(number, 1);
    bed.arrivals().startAlso(BACKLOG_RUNS + number);
    Fleet fleet = Fleet.create(bed.api(), SCENARIO, bed.arrivals().port());
    try (GeneratorRun generator = GeneratorRun.startEndless(bed, SCENARIO, number, folder)) {
      Audit audit = new Audit(bed, SCENARIO);
      generator.awaitWindow();
      phase(Scenario.BEFORE, generator, this::window);
      goDown();
      phase(Scenario.DURING, generator, this::drain);
      phase(Scenario.AFTER, generator, this::window);
      generator.stop();
      audit.awaitArrivals(generator, generator.awaitAnswers());
      Tally tally = audit.counted(generator);
      Map<Metric, Double> end = values.get(Scenario.AFTER);
      end.putAll(tally.counts());
      audit.others().forEach((what, count) -> end.merge(what, count, Double::sum));
      return results(tally, generator.tally(bed.arrivals().times()));
    } finally {
      fleet.delete();
      Audit.clear(bed);
    }
  }

  /** What happens in a window; ends when the window does. */
  private interface Happening {
    void run(Map<Metric, Double> values) throws IOException, InterruptedException;
  }

  private void phase(Scenario phase, GeneratorRun generator, Happening happening)
      throws IOException, InterruptedException, SQLException {
    out.accept("  " + phase.title());
    Snapshot before = bed.snapshot(generator);
    Sampling sampling = Sampling.start(bed);
    happening.run(values.get(phase));
    windows.put(phase, new Costs(before, bed.snapshot(generator), 1));
    values.get(phase).put(Metric.RSS, bed.cluster().residentMebibytes());
    values.get(phase).putAll(sampling.stop());
  }

  private void window(Map<Metric, Double> any) throws InterruptedException {
    Thread.sleep(bed.timing().duration() * 1000L);
  }

  /** Closes the gate, and opens it when the backlog is written and due. */
  private void goDown() throws IOException, InterruptedException, SQLException {
    bed.arrivals().gate(false);
    int last = SCENARIO.endpoints() - 1;
    String url = SCENARIO.role(last).url(last, bed.arrivals().port());
    long endpoint = bed.postgres().endpoints(List.of(url)).getLast();
    Instant due = Instant.now().plus(RESERVE).plusNanos(NANOS_PER_ROW * bed.wishes().rows());
    new Backlog(
            bed.postgres().connection(),
            endpoint,
            "bench.%03d".formatted(last),
            BACKLOG_RUNS + number)
        .write(bed.wishes().rows(), due);
    if (Instant.now().isAfter(due)) {
      throw new IllegalStateException("the backlog was not written in time: the machine is busy");
    }
    Thread.sleep(Duration.between(Instant.now(), due));
    bed.arrivals().gate(true);
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

  private Map<Scenario, Result> results(Tally tally, Tally all)
      throws IOException, InterruptedException {
    Timeline backlog = bed.arrivals().times(BACKLOG_RUNS + number);
    windows.forEach(
        (phase, costs) -> {
          Map<Metric, Double> figures = values.get(phase);
          Spread.Window window = costs.window();
          figures.putAll(tally.rates(window));
          figures.putAll(tally.latencies(window));
          double events =
              all.rates(window).get(Metric.DELIVERED) * window.seconds()
                  + backlog.countBetween(window.from(), window.to());
          figures.putAll(costs.perEvent(events));
          figures.putAll(costs.load(Runtime.getRuntime().availableProcessors()));
        });
    Map<Scenario, Result> results = new EnumMap<>(Scenario.class);
    values.forEach((phase, figures) -> results.put(phase, new Result(figures)));
    return results;
  }
}
