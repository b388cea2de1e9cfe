package dev.posthaste.telemetry;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;

/**
 * What Vert.x measures by itself: pools and event loops always, each HTTP request that is served
 * only if asked. Labels are few and fixed: no path, no address.
 */
final class VertxMeters {
  /** Statements go over held connections, whose commits are measured where they are made. */
  private static final String SQL_CLIENT = "sql";

  private VertxMeters() {}

  static VertxBuilder measured(VertxOptions options, MeterRegistry registry, boolean http) {
    MicrometerMetricsOptions metrics =
        new MicrometerMetricsOptions()
            .setEnabled(true)
            .setNettyMetricsEnabled(true)
            .setLabels(
                EnumSet.of(Label.HTTP_METHOD, Label.HTTP_CODE, Label.POOL_TYPE, Label.POOL_NAME))
            .addDisabledMetricsCategory(SQL_CLIENT);
    for (MetricsDomain domain : MetricsDomain.values()) {
      boolean wanted =
          domain == MetricsDomain.NAMED_POOLS || (http && domain == MetricsDomain.HTTP_SERVER);
      if (!wanted) {
        metrics.addDisabledMetricsCategory(domain);
      }
    }
    return Vertx.builder()
        .with(options.setMetricsOptions(metrics))
        .withMetrics(new MicrometerMetricsFactory(registry));
  }
}
