package dev.posthaste;

import dev.posthaste.dispatch.AttemptTraces;
import dev.posthaste.ingest.EventTraces;
import dev.posthaste.ops.Health;
import dev.posthaste.ops.ManagementVerticle;
import dev.posthaste.settings.HttpSettings;
import dev.posthaste.settings.Settings;
import dev.posthaste.telemetry.Telemetry;
import dev.posthaste.tracing.OtlpTracing;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.ext.web.Router;
import java.util.Optional;

/** What is measured and traced of this process, and where operators find it. */
final class Watch {
  private final HttpSettings http;
  private final Telemetry telemetry;
  private final Optional<OtlpTracing> tracing;

  Watch(Settings settings) {
    this.http = settings.http();
    this.telemetry = new Telemetry(settings, Main.version());
    this.tracing =
        settings
            .tracing()
            .otlpEndpoint()
            .map(collector -> new OtlpTracing(collector, settings.tracing(), Main.version()));
  }

  Vertx vertx(VertxOptions options) {
    return telemetry.vertx(options);
  }

  Telemetry telemetry() {
    return telemetry;
  }

  EventTraces eventTraces() {
    return tracing.<EventTraces>map(it -> it).orElse(EventTraces.PASSED_ON);
  }

  AttemptTraces attemptTraces() {
    return tracing.<AttemptTraces>map(it -> it).orElse(AttemptTraces.SENT_ON);
  }

  /** Adds what operators look at to the port of clients. */
  void mount(Router router, Health health) {
    health.mount(router);
    if (http.managementPort() == 0) {
      telemetry.route().mount(router);
    }
  }

  /** Opens the port of operators, if there is one. */
  Future<?> open(Vertx vertx, Health health) {
    if (http.managementPort() == 0) {
      return Future.succeededFuture();
    }
    return vertx.deployVerticle(
        new ManagementVerticle(
            http.host(),
            http.managementPort(),
            router -> {
              health.mount(router);
              telemetry.route().mount(router);
            }));
  }

  /** Sends the last spans. Blocks. */
  void close() {
    tracing.ifPresent(OtlpTracing::close);
    telemetry.close();
  }
}
