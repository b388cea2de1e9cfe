package dev.posthaste.tracing;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Attempt.Outcome;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Event;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Reply;
import dev.posthaste.event.TraceContext;
import dev.posthaste.ingest.EventTraces.EventTrace;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Makes spans out of what is known when they end. For all event loops. */
record Spans(Tracer tracer, GivenIds ids) {
  /**
   * A span for the acceptance of an event, under the span of its publisher.
   *
   * @param place what is stored with the event
   */
  EventTrace event(Optional<TraceContext> caller, TraceContext place) {
    return new Accepting(caller, place, System.currentTimeMillis());
  }

  /**
   * A span for an attempt. It belongs to the trace of its event and links to it, but is no child:
   * it may come hours after the event's span has ended.
   */
  void attempt(TraceContext event, TraceContext place, Delivery delivery, Attempt attempt) {
    ids.next(place);
    Span span =
        tracer
            .spanBuilder("deliver " + delivery.event().type())
            .setNoParent()
            .addLink(remote(event))
            .setSpanKind(SpanKind.CLIENT)
            .setStartTimestamp(attempt.startedAtMillis(), TimeUnit.MILLISECONDS)
            .setAttribute("messaging.message.id", PublicId.EVENT.format(delivery.event().id()))
            .setAttribute("posthaste.endpoint", DirectTarget.name(delivery.endpointId()))
            .setAttribute("posthaste.attempt", attempt.number())
            .setAttribute("posthaste.trigger", lower(attempt.trigger()))
            .setAttribute("posthaste.outcome", lower(attempt.outcome()))
            .startSpan();
    attempt.reply().ifPresent(reply -> describe(span, reply));
    if (attempt.outcome() != Outcome.DELIVERED) {
      span.setStatus(StatusCode.ERROR);
    }
    long micros = attempt.reply().map(Reply::latencyMicros).orElse(0L);
    span.end(
        TimeUnit.MILLISECONDS.toMicros(attempt.startedAtMillis()) + micros, TimeUnit.MICROSECONDS);
  }

  private static void describe(Span span, Reply reply) {
    switch (reply) {
      case Reply.Answered answered ->
          span.setAttribute("http.response.status_code", answered.status());
      case Reply.Unanswered unanswered ->
          span.setAttribute("error.type", unanswered.reason().code());
    }
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static SpanContext remote(TraceContext context) {
    return SpanContext.createFromRemoteParent(
        context.traceId(),
        context.spanId(),
        context.isSampled() ? TraceFlags.getSampled() : TraceFlags.getDefault(),
        TraceState.getDefault());
  }

  private Span begun(Optional<TraceContext> caller, TraceContext place, long atMillis) {
    ids.next(place);
    SpanBuilder builder =
        tracer
            .spanBuilder("accept event")
            .setSpanKind(SpanKind.PRODUCER)
            .setStartTimestamp(atMillis, TimeUnit.MILLISECONDS);
    if (caller.isPresent()) {
      builder.setParent(Context.root().with(Span.wrap(remote(caller.get()))));
    } else {
      builder.setNoParent();
    }
    return builder.startSpan();
  }

  /** An event that is being accepted: its span is made when that has ended. */
  private final class Accepting implements EventTrace {
    private final Optional<TraceContext> caller;
    private final TraceContext place;
    private final long beganAtMillis;

    private Accepting(Optional<TraceContext> caller, TraceContext place, long beganAtMillis) {
      this.caller = caller;
      this.place = place;
      this.beganAtMillis = beganAtMillis;
    }

    @Override
    public Optional<TraceContext> context() {
      return Optional.of(place);
    }

    @Override
    public void accepted(Event event) {
      begun(caller, place, beganAtMillis)
          .setAttribute("messaging.message.id", PublicId.EVENT.format(event.id()))
          .setAttribute("posthaste.event.type", event.type())
          .setAttribute("posthaste.deliveries", event.targets().size())
          .end();
    }

    @Override
    public void refused(String why) {
      begun(caller, place, beganAtMillis).setAttribute("posthaste.refused", why).end();
    }
  }
}
