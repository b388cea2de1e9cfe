package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.wire.Timeline;
import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.Consumer;

/** The parts of a run under one load, each with a window of its own. */
final class Phases {
  private final Bed bed;
  private final Consumer<String> out;
  private final Map<Scenario, Costs> windows = new EnumMap<>(Scenario.class);
  private final Map<Scenario, Map<Metric, Double>> values = new EnumMap<>(Scenario.class);

  /**
   * None so far.
   *
   * @param out told of each as it begins
   */
  Phases(Bed bed, Consumer<String> out) {
    this.bed = bed;
    this.out = out;
  }

  /** What happens in a window; ends when the window does. */
  interface Happening {
    void run(Map<Metric, Double> values) throws IOException, InterruptedException;
  }

  /** A window in which nothing happens but the load. */
  void undisturbed(Scenario phase, GeneratorRun generator)
      throws IOException, InterruptedException, SQLException {
    measure(phase, generator, values -> Thread.sleep(bed.timing().duration() * 1000L));
  }

  void measure(Scenario phase, GeneratorRun generator, Happening happening)
      throws IOException, InterruptedException, SQLException {
    out.accept("  " + phase.title());
    Snapshot before = bed.snapshot(generator);
    Sampling sampling = Sampling.start(bed);
    happening.run(of(phase));
    windows.put(phase, new Costs(before, bed.snapshot(generator), bed.cluster().size()));
    of(phase).put(Metric.RSS, bed.cluster().residentMebibytes());
    of(phase).putAll(sampling.stop());
  }

  /** What is known of a phase, to be added to. */
  Map<Metric, Double> of(Scenario phase) {
    return values.computeIfAbsent(phase, any -> new EnumMap<>(Metric.class));
  }

  /**
   * What the phases brought.
   *
   * @param tally of the events that count
   * @param all of all events of the generator
   * @param due of the events that were told when to come again
   * @param others arrivals that also cost something
   */
  Map<Scenario, Result> results(Tally tally, Tally all, Timeline due, Timeline others) {
    Map<Scenario, Result> results = new EnumMap<>(Scenario.class);
    windows.forEach(
        (phase, costs) -> {
          Map<Metric, Double> figures = of(phase);
          Spread.Window window = costs.window();
          figures.putAll(tally.rates(window));
          figures.putAll(tally.latencies(window));
          figures.putAll(all.retries(due, window));
          double events =
              all.rates(window).get(Metric.DELIVERED) * window.seconds()
                  + others.countBetween(window.from(), window.to());
          figures.putAll(costs.perEvent(events));
          figures.putAll(costs.load(Runtime.getRuntime().availableProcessors()));
          results.put(phase, new Result(figures));
        });
    return results;
  }
}
