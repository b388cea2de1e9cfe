package dev.posthaste.loadtest.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;

/** One scenario, once: endpoints, load, a measured window, and the wait until all has arrived. */
final class ScenarioRun {
  private final Bed bed;
  private final Scenario scenario;
  private final int number;
  private final Watch watch;

  ScenarioRun(Bed bed, Scenario scenario, int number) {
    this(bed, scenario, number, Watch.NONE);
  }

  /**
   * Nothing has happened yet.
   *
   * @param watch hears when the window opens and closes
   */
  ScenarioRun(Bed bed, Scenario scenario, int number, Watch watch) {
    this.bed = bed;
    this.watch = watch;
    this.scenario = scenario;
    this.number = number;
  }

  Result run(Path out) throws IOException, InterruptedException, SQLException {
    bed.cluster().resize(scenario.nodes());
    bed.arrivals().start(number, scenario.fanOut());
    Result result = measured(out);
    if (scenario.leavesSome()) {
      Audit.clear(bed);
    }
    return result;
  }

  private Result measured(Path out) throws IOException, InterruptedException, SQLException {
    Audit audit = new Audit(bed, scenario);
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    Fleet fleet = Fleet.create(bed.api(), scenario, bed.arrivals().port());
    try (GeneratorRun generator = GeneratorRun.start(bed, scenario, number, out)) {
      Costs costs = window(generator, values);
      double drained = audit.awaitArrivals(generator, generator.awaitAnswers());
      values.put(Metric.DRAIN, drained);
      values.put(Metric.RSS, bed.cluster().residentMebibytes());
      values.put(Metric.REPEATS, (double) bed.arrivals().summary().getInteger("repeats"));
      values.putAll(figures(costs, generator, audit.counted(generator)));
      if (scenario.leavesSome()) {
        audit.others().forEach((metric, value) -> values.merge(metric, value, Double::sum));
      }
      return new Result(values);
    } finally {
      fleet.delete();
    }
  }

  private Costs window(GeneratorRun generator, Map<Metric, Double> values)
      throws IOException, InterruptedException, SQLException {
    generator.awaitWindow();
    watch.opened(bed.cluster());
    Snapshot before = bed.snapshot(generator);
    Sampling sampling = Sampling.start(bed);
    generator.awaitEndOfWindow();
    Snapshot after = bed.snapshot(generator);
    values.putAll(sampling.stop());
    watch.closed(bed.cluster());
    return new Costs(before, after, bed.cluster().size());
  }

  private Map<Metric, Double> figures(Costs costs, GeneratorRun generator, Tally tally)
      throws IOException, InterruptedException {
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    Spread.Window window = costs.window();
    values.putAll(tally.counts());
    values.putAll(tally.rates(window));
    values.putAll(tally.latencies(window));
    // Costs are those of all events, also of the ones that do not count otherwise.
    Tally all = generator.tally(bed.arrivals().times());
    double events = all.rates(window).get(Metric.DELIVERED) * window.seconds();
    values.putAll(costs.perEvent(events));
    values.putAll(costs.load(Runtime.getRuntime().availableProcessors()));
    return values;
  }
}
