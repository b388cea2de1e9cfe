package dev.posthaste.loadtest.bench;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How much of a figure is left, or added, in one scenario against another. The runs alternate, and
 * each is compared with the one just before it; the median of that counts.
 *
 * @param target in words; empty if there is none
 */
record Comparison(Metric metric, Scenario base, Scenario other, String target) {
  private static final List<Comparison> ALL =
      List.of(
          new Comparison(Metric.DELIVERED, Scenario.MAX, Scenario.HTTPS, "≥ 0.9"),
          new Comparison(Metric.SERVER_CPU, Scenario.MAX, Scenario.HTTPS, ""),
          new Comparison(Metric.ARRIVED_P50, Scenario.CALM, Scenario.HURT, ""),
          new Comparison(Metric.ARRIVED_P99, Scenario.CALM, Scenario.HURT, "≤ 1.5"),
          new Comparison(Metric.DELIVERED, Scenario.CALM, Scenario.HURT, "≥ 0.95"),
          new Comparison(Metric.ARRIVED_P50, Scenario.SOUND, Scenario.TURNED, ""),
          new Comparison(Metric.ARRIVED_P99, Scenario.SOUND, Scenario.TURNED, "≤ 1.5"),
          new Comparison(Metric.DELIVERED, Scenario.SOUND, Scenario.TURNED, "≥ 0.95"),
          new Comparison(Metric.DELIVERED, Scenario.FEW, Scenario.MANY, ""),
          new Comparison(Metric.SERVER_CPU, Scenario.FEW, Scenario.MANY, ""),
          new Comparison(Metric.ARRIVED_P99, Scenario.FEW, Scenario.MANY, ""),
          new Comparison(Metric.RSS, Scenario.FEW, Scenario.MANY, ""),
          new Comparison(Metric.SERVER_CPU, Scenario.PROMPT, Scenario.INFLIGHT, ""),
          new Comparison(Metric.POSTGRES_CPU, Scenario.PROMPT, Scenario.INFLIGHT, ""),
          new Comparison(Metric.DELIVERED, Scenario.PROMPT, Scenario.INFLIGHT, "flat"),
          new Comparison(Metric.ARRIVED_P99, Scenario.PROMPT, Scenario.INFLIGHT, ""),
          new Comparison(Metric.SERVER_CPU, Scenario.INFLIGHT, Scenario.TENS, ""),
          new Comparison(Metric.POSTGRES_CPU, Scenario.INFLIGHT, Scenario.TENS, ""),
          new Comparison(Metric.DELIVERED, Scenario.INFLIGHT, Scenario.TENS, "flat"),
          new Comparison(Metric.ARRIVED_P99, Scenario.BEFORE, Scenario.DURING, ""),
          new Comparison(Metric.RETRIED_P99, Scenario.BEFORE, Scenario.DURING, ""),
          new Comparison(Metric.DELIVERED, Scenario.BEFORE, Scenario.DURING, ""),
          new Comparison(Metric.RSS_MOST, Scenario.BEFORE, Scenario.DURING, "flat"),
          new Comparison(Metric.RSS, Scenario.BEFORE, Scenario.AFTER, "flat"),
          new Comparison(Metric.ARRIVED_P99, Scenario.STANDING, Scenario.ROLLING, ""),
          new Comparison(Metric.ANSWERED_P99, Scenario.STANDING, Scenario.ROLLING, ""),
          new Comparison(Metric.DELIVERED, Scenario.STANDING, Scenario.ROLLING, "flat"),
          new Comparison(Metric.SERVER_CPU, Scenario.HELLO, Scenario.RESUMED, ""),
          new Comparison(Metric.DELIVERED, Scenario.ONE, Scenario.TEN, ""),
          new Comparison(Metric.SERVER_CPU, Scenario.ONE, Scenario.TEN, "flat"),
          new Comparison(Metric.DELIVERED, Scenario.ONE, Scenario.THOUSAND, ""),
          new Comparison(Metric.SERVER_CPU, Scenario.ONE, Scenario.THOUSAND, "flat"),
          new Comparison(Metric.DELIVERED, Scenario.ONE, Scenario.MYRIAD, ""),
          new Comparison(Metric.SERVER_CPU, Scenario.ONE, Scenario.MYRIAD, "flat"),
          new Comparison(Metric.DELIVERED, Scenario.NODE_1, Scenario.NODES_2, ""),
          new Comparison(Metric.SERVER_CPU, Scenario.NODE_1, Scenario.NODES_2, "flat"),
          new Comparison(Metric.POSTGRES_CPU, Scenario.NODE_1, Scenario.NODES_2, "flat"),
          new Comparison(Metric.DELIVERED, Scenario.NODE_1, Scenario.NODES_3, ""),
          new Comparison(Metric.SERVER_CPU, Scenario.NODE_1, Scenario.NODES_3, "flat"),
          new Comparison(Metric.POSTGRES_CPU, Scenario.NODE_1, Scenario.NODES_3, "flat"),
          new Comparison(Metric.DELIVERED, Scenario.YOUNG, Scenario.OLD, "flat"),
          new Comparison(Metric.SERVER_CPU, Scenario.YOUNG, Scenario.OLD, "flat"),
          new Comparison(Metric.POSTGRES_CPU, Scenario.YOUNG, Scenario.OLD, "flat"));

  /** Those whose scenarios have run. */
  static List<Comparison> of(Map<Scenario, List<Result>> runs) {
    return ALL.stream()
        .filter(one -> runs.containsKey(one.base) && runs.containsKey(one.other))
        .toList();
  }

  /** The ratio of each pair of runs. */
  double[] ratios(Map<Scenario, List<Result>> runs) {
    return ratios(metric, runs.get(base), runs.get(other));
  }

  /** The ratio of each pair of runs, in the order in which they were made. */
  static double[] ratios(Metric metric, List<Result> before, List<Result> after) {
    return IntStream.range(0, Math.min(before.size(), after.size()))
        .mapToDouble(i -> after.get(i).of(metric) / Math.max(1e-9, before.get(i).of(metric)))
        .toArray();
  }

  String line(Map<Scenario, List<Result>> runs) {
    String aim = target.isEmpty() ? "" : " (target " + target + ")";
    return "%s against %s, %s: %.2f times%s"
        .formatted(other.code(), base.code(), metric.label(), Result.median(ratios(runs)), aim);
  }

  JsonObject json(Map<Scenario, List<Result>> runs) {
    List<Double> rounded = new ArrayList<>();
    for (double ratio : ratios(runs)) {
      rounded.add(Math.round(ratio * 1_000) / 1_000.0);
    }
    return new JsonObject()
        .put("metric", metric.code())
        .put("base", base.code())
        .put("other", other.code())
        .put("target", target)
        .put("median", Math.round(Result.median(ratios(runs)) * 1_000) / 1_000.0)
        .put("ratios", new JsonArray(rounded));
  }
}
