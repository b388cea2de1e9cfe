package dev.posthaste.dispatch;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.TraceContext;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Gives each attempt a span of its own in the trace of its event. Called on every event loop, on
 * the hot path: it must be quick and must not throw.
 */
@FunctionalInterface
public interface AttemptTraces {
  /** Records nothing; a span id is made only where it is sent on. */
  AttemptTraces SENT_ON =
      (endpoint, delivery) ->
          endpoint.traceContext()
              ? delivery.event().trace().map(AttemptTrace::unrecorded)
              : Optional.empty();

  /** An attempt begins; empty if nobody wants to know its place. */
  Optional<AttemptTrace> begin(Endpoint endpoint, Delivery delivery);

  /**
   * The place of one attempt.
   *
   * @param context the trace of the event, with a new span
   * @param onEnd told when the attempt was judged; not if a stop cut it off
   */
  record AttemptTrace(TraceContext context, Consumer<Attempt> onEnd) {
    static AttemptTrace unrecorded(TraceContext event) {
      return new AttemptTrace(newSpan(event), attempt -> {});
    }

    /** A new span in the trace of an event. */
    public static TraceContext newSpan(TraceContext event) {
      return event.withSpan(TraceContext.newSpanId(ThreadLocalRandom.current()::nextLong));
    }
  }
}
