package dev.posthaste.telemetry;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.vertx.core.Vertx;
import io.vertx.core.VertxBuilder;
import io.vertx.core.VertxOptions;
import io.vertx.micrometer.Label;
import io.vertx.micrometer.MetricsDomain;
import io.vertx.micrometer.MicrometerMetricsFactory;
import io.vertx.micrometer.MicrometerMetricsOptions;
import java.util.EnumSet;
import java.util.Set;

/**
 * What Vert.x measures by itself: pools and event loops always, each HTTP request only if asked.
 * Labels are few and fixed: no path, no address; and no pools of HTTP clients, whose names are the
 * hosts of receivers.
 */
final class VertxMeters {
  private static final Set<MetricsDomain> PER_REQUEST =
      EnumSet.of(MetricsDomain.HTTP_SERVER, MetricsDomain.HTTP_CLIENT);

  /** Statements go over held connections, whose commits are measured where they are made. */
  private static final String SQL_CLIENT = "sql";

  private VertxMeters() {}

  /** To be set before the first meter is made. */
  static MeterFilter filter() {
    return MeterFilter.deny(VertxMeters::isPoolOfAHost);
  }

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
          domain == MetricsDomain.NAMED_POOLS || (http && PER_REQUEST.contains(domain));
      if (!wanted) {
        metrics.addDisabledMetricsCategory(domain);
      }
    }
    return Vertx.builder()
        .with(options.setMetricsOptions(metrics))
        .withMetrics(new MicrometerMetricsFactory(registry));
  }

  private static boolean isPoolOfAHost(Meter.Id meter) {
    return meter.getName().startsWith("vertx.pool.") && "http".equals(meter.getTag("pool_type"));
  }
}
