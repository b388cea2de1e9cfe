package dev.posthaste.ingest;

import dev.posthaste.event.Event;
import dev.posthaste.event.TraceContext;
import java.util.Optional;

/**
 * Gives each event a place in a trace while it comes in. Called on every event loop, on the hot
 * path: it must be quick and must not throw.
 */
@FunctionalInterface
public interface EventTraces {
  /** Keeps what the caller sent and records nothing. */
  EventTraces PASSED_ON = EventTrace::passedOn;

  /**
   * An event is about to be accepted.
   *
   * @param caller the context of the request that brought it
   */
  EventTrace begin(Optional<TraceContext> caller);

  /** The place of one event. */
  interface EventTrace {
    /** What is stored with the event. */
    Optional<TraceContext> context();

    /** The event is durable. */
    default void accepted(Event event) {}

    /** It was not stored: a repeat, or the database refused it. */
    default void refused(String why) {}

    /** The caller's own place. */
    static EventTrace passedOn(Optional<TraceContext> caller) {
      return caller.isEmpty() ? Nowhere.INSTANCE : new Passed(caller);
    }
  }

  /** No trace at all. */
  enum Nowhere implements EventTrace {
    INSTANCE;

    @Override
    public Optional<TraceContext> context() {
      return Optional.empty();
    }
  }

  /** A trace that somebody else records. */
  record Passed(Optional<TraceContext> context) implements EventTrace {}
}
