package dev.posthaste.loadtest.load;

import io.vertx.core.json.JsonObject;
import org.HdrHistogram.Histogram;

/** How long something took, in milliseconds. */
record Percentiles(double p50, double p99, double p999, double max) {
  static final Percentiles NONE = new Percentiles(0, 0, 0, 0);

  private static final double MICROS = 1_000;

  /** Of microseconds. */
  static Percentiles of(Histogram micros) {
    return micros.getTotalCount() == 0
        ? NONE
        : new Percentiles(
            micros.getValueAtPercentile(50) / MICROS,
            micros.getValueAtPercentile(99) / MICROS,
            micros.getValueAtPercentile(99.9) / MICROS,
            micros.getMaxValue() / MICROS);
  }

  /** As the receiver tells them, in microseconds. */
  static Percentiles of(JsonObject micros) {
    return new Percentiles(
        micros.getLong("p50") / MICROS,
        micros.getLong("p99") / MICROS,
        micros.getLong("p99.9") / MICROS,
        micros.getLong("max") / MICROS);
  }

  JsonObject json() {
    return new JsonObject().put("p50", p50).put("p99", p99).put("p99.9", p999).put("max", max);
  }
}
