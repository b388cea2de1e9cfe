package dev.posthaste.loadtest.bench;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The numbers of one run, or the medians of several. */
record Result(Map<Metric, Double> values) {

  static Result median(List<Result> runs) {
    Map<Metric, Double> medians = new EnumMap<>(Metric.class);
    for (Metric metric : Metric.values()) {
      if (runs.stream().anyMatch(run -> run.has(metric))) {
        medians.put(metric, median(runs.stream().mapToDouble(run -> run.of(metric)).toArray()));
      }
    }
    // A loss in one run is a loss.
    Metric.NEVER.forEach(
        bad ->
            medians.computeIfPresent(
                bad, (one, any) -> runs.stream().mapToDouble(run -> run.of(one)).sum()));
    return new Result(medians);
  }

  /** The middle one; not a number if there is none. */
  static double median(double[] numbers) {
    if (numbers.length == 0) {
      return Double.NaN;
    }
    double[] sorted = numbers.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** From the lowest to the highest of several runs, as text. */
  static String spread(List<Result> runs, Metric metric) {
    DoubleSummaryStatistics all =
        runs.stream()
            .filter(run -> run.has(metric))
            .mapToDouble(run -> run.of(metric))
            .summaryStatistics();
    return metric.format(all.getMin()) + "–" + metric.format(all.getMax());
  }

  boolean has(Metric metric) {
    return values.containsKey(metric);
  }

  double of(Metric metric) {
    return values.getOrDefault(metric, 0.0);
  }

  JsonObject json() {
    JsonObject json = new JsonObject();
    values.forEach((metric, value) -> json.put(metric.code(), Math.round(value * 1_000) / 1_000.0));
    return json;
  }
}
