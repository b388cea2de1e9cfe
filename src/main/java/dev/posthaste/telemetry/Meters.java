package dev.posthaste.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Makes the meters of this program: all are called {@code posthaste_…}, have a help text, seconds
 * or bytes as units, and few fixed buckets. For any thread.
 */
record Meters(MeterRegistry registry) {
  /** 1 ms to 60 s: for everything that somebody waits for. */
  static final Duration[] SECONDS =
      millis(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000);

  /** 1 ms to a day: retries come late. */
  static final Duration[] A_DAY =
      millis(
          1,
          2,
          5,
          10,
          25,
          50,
          100,
          250,
          500,
          1_000,
          5_000,
          10_000,
          60_000,
          300_000,
          3_600_000,
          86_400_000);

  private static final double[] SIZES = {1, 10, 50, 100, 500, 1_000, 2_000, 5_000};

  private static Duration[] millis(long... values) {
    Duration[] durations = new Duration[values.length];
    for (int i = 0; i < values.length; i++) {
      durations[i] = Duration.ofMillis(values[i]);
    }
    return durations;
  }

  /**
   * @param tags names and values in turn
   */
  Counter counter(String name, String help, String... tags) {
    return Counter.builder("posthaste." + name).description(help).tags(tags).register(registry);
  }

  Timer timer(String name, String help, Duration[] buckets, String... tags) {
    return Timer.builder("posthaste." + name)
        .description(help)
        .tags(tags)
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  /** How many came together. */
  DistributionSummary sizes(String name, String help) {
    return DistributionSummary.builder("posthaste." + name)
        .description(help)
        .serviceLevelObjectives(SIZES)
        .register(registry);
  }

  /** Asked at each scrape; NaN while it is not known. */
  void gauge(String name, String help, Supplier<Number> value, String... tags) {
    Gauge.builder("posthaste." + name, value).description(help).tags(tags).register(registry);
  }

  /** The same in seconds or bytes, which the name then ends with. */
  void measure(String name, String unit, String help, Supplier<Number> value) {
    Gauge.builder("posthaste." + name, value).description(help).baseUnit(unit).register(registry);
  }
}
