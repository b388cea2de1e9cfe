package dev.posthaste.telemetry;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /metrics}: Prometheus' text, or OpenMetrics for who accepts it. Written on a worker
 * thread, since hundreds of series take their time. For all event loops.
 */
public final class MetricsRoute {
  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String OPEN_METRICS_TYPE = OPEN_METRICS + "; version=1.0.0; charset=utf-8";
  private static final String TEXT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private final PrometheusMeterRegistry registry;

  MetricsRoute(PrometheusMeterRegistry registry) {
    this.registry = registry;
  }

  /** Adds the route. */
  public void mount(Router router) {
    router.get("/metrics").handler(this::scrape);
  }

  private void scrape(RoutingContext context) {
    String accept = context.request().getHeader(HttpHeaders.ACCEPT);
    String type = accept != null && accept.contains(OPEN_METRICS) ? OPEN_METRICS_TYPE : TEXT_TYPE;
    context
        .vertx()
        .executeBlocking(() -> registry.scrape(type), false)
        .onSuccess(text -> context.response().putHeader(HttpHeaders.CONTENT_TYPE, type).end(text))
        .onFailure(context::fail);
  }
}
