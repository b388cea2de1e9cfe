package dev.posthaste.dispatch;

import dev.posthaste.dispatch.AttemptTraces.AttemptTrace;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Reply;
import dev.posthaste.lane.Lane;
import java.time.Instant;
import java.util.Optional;

/**
 * An attempt under way.
 *
 * @param at when it began, for the record
 * @param startedNanos the same, to measure by
 * @param isProbe of an open breaker
 * @param trace its place in the trace of the event, if anybody wants to know
 */
record Flight(
    Lane lane,
    Delivery delivery,
    Channel channel,
    Instant at,
    long startedNanos,
    boolean isProbe,
    Optional<AttemptTrace> trace) {

  /** Which attempt of its delivery it is, from 1. */
  int number() {
    return delivery.attempts() + 1;
  }

  /** The attempt, now that its reply is there. */
  Attempt ended(Attempt.Outcome outcome, Reply reply) {
    return new Attempt(
        delivery.id(),
        number(),
        outcome,
        delivery.trigger(),
        Optional.of(reply),
        at.toEpochMilli());
  }
}
