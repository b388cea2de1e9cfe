package dev.posthaste.tracing;

import dev.posthaste.dispatch.AttemptTraces;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.TraceContext;
import dev.posthaste.ingest.EventTraces;
import dev.posthaste.settings.TracingSettings;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * Records spans and sends them on by OTLP over HTTP, in batches, on threads of its own; what its
 * queue of 2,048 does not hold is dropped. For all event loops.
 *
 * <p>What is sampled is decided once: by the publisher, or by the ratio where it sent no trace. An
 * event that is not sampled costs nothing more.
 */
public final class OtlpTracing implements EventTraces, AttemptTraces, AutoCloseable {
  private static final long FLUSH_SECONDS = 5;

  private final double ratio;
  private final SdkTracerProvider provider;
  private final Spans spans;

  /**
   * @param collector where spans go
   * @param version of this program
   */
  public OtlpTracing(URI collector, TracingSettings settings, String version) {
    this.ratio = settings.sampleRatio();
    GivenIds ids = new GivenIds();
    OtlpHttpSpanExporter exporter =
        OtlpHttpSpanExporter.builder().setEndpoint(collector.toString()).build();
    this.provider =
        SdkTracerProvider.builder()
            .setIdGenerator(ids)
            .setSampler(Sampler.alwaysOn())
            .setResource(resource(version))
            .addSpanProcessor(BatchSpanProcessor.builder(exporter).build())
            .build();
    this.spans = new Spans(provider.get("dev.posthaste"), ids);
  }

  private static Resource resource(String version) {
    return Resource.create(
        Attributes.of(
            AttributeKey.stringKey("service.name"),
            "posthaste",
            AttributeKey.stringKey("service.version"),
            version));
  }

  @Override
  public EventTrace begin(Optional<TraceContext> caller) {
    if (caller.isPresent()) {
      return caller.get().isSampled()
          ? spans.event(caller, AttemptTrace.newSpan(caller.get()))
          : EventTrace.passedOn(caller);
    }
    ThreadLocalRandom random = ThreadLocalRandom.current();
    if (random.nextDouble() >= ratio) {
      return EventTrace.passedOn(caller);
    }
    String traceId =
        TraceContext.newSpanId(random::nextLong) + TraceContext.newSpanId(random::nextLong);
    return spans.event(
        caller, TraceContext.of(traceId, TraceContext.newSpanId(random::nextLong), true));
  }

  @Override
  public Optional<AttemptTrace> begin(Endpoint endpoint, Delivery delivery) {
    Optional<TraceContext> event = delivery.event().trace();
    if (event.isEmpty() || !event.get().isSampled()) {
      return AttemptTraces.SENT_ON.begin(endpoint, delivery);
    }
    TraceContext context = AttemptTrace.newSpan(event.get());
    return Optional.of(
        new AttemptTrace(
            context, attempt -> spans.attempt(event.get(), context, delivery, attempt)));
  }

  /** Sends what waits, for a few seconds at most. Blocks. */
  @Override
  public void close() {
    provider.shutdown().join(FLUSH_SECONDS, TimeUnit.SECONDS);
  }
}
