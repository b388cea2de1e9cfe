package dev.posthaste.tracing;

import dev.posthaste.event.TraceContext;
import io.opentelemetry.sdk.trace.IdGenerator;

/**
 * Gives a span the ids that were sent or stored before it is recorded. Each thread sets its own
 * right before it begins a span.
 */
final class GivenIds implements IdGenerator {
  private static final ThreadLocal<TraceContext> NEXT = new ThreadLocal<>();

  void next(TraceContext context) {
    NEXT.set(context);
  }

  @Override
  public String generateTraceId() {
    return NEXT.get().traceId();
  }

  @Override
  public String generateSpanId() {
    return NEXT.get().spanId();
  }
}
