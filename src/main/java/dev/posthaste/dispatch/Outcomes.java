package dev.posthaste.dispatch;

import dev.posthaste.contract.RetrySchedule;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Deferral.Reason;
import dev.posthaste.event.Delivery;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;

/** Writes down what became of deliveries, and lets the observer know. Belongs to one event loop. */
final class Outcomes {
  private final OutcomeRecorder recorder;
  private final DispatchObserver observer;
  private final Clock clock;

  Outcomes(OutcomeRecorder recorder, DispatchObserver observer, Clock clock) {
    this.recorder = recorder;
    this.observer = observer;
    this.clock = clock;
  }

  /** An attempt was made that ended the delivery, or after which it waits in memory. */
  void record(Delivery delivery, Attempt attempt) {
    recorder.records(delivery, attempt);
  }

  /** An attempt was made, and the next one waits in the table. */
  void defer(Delivery delivery, Attempt attempt, RetrySchedule.Retry retry) {
    recorder.defers(
        delivery,
        attempt,
        new Deferral(
            attempt.delivery(),
            attempt.number(),
            retry.delay(),
            delivery.trigger().again(),
            Reason.RETRY));
  }

  /**
   * The delivery waits in the table, due at once and in its place: a live one among the others by
   * the time of its event, one that was there before where it was.
   */
  void park(Delivery delivery, Reason reason) {
    park(delivery, Duration.ZERO, reason);
  }

  /** The delivery waits in the table for a while. */
  void park(Delivery delivery, Duration delay, Reason reason) {
    observer.parked(delivery, reason);
    recorder.parks(
        delivery,
        new Deferral(delivery.id(), delivery.attempts(), delay, delivery.trigger(), reason));
  }

  /** An attempt was made, and its endpoint does not want the next one any more. */
  void discard(Delivery delivery, Attempt attempt) {
    record(delivery, attempt);
    discard(delivery.retried());
  }

  /** The delivery is over without an attempt: its endpoint is deleted or wants it no more. */
  void discard(Delivery delivery) {
    observer.discarded(delivery);
    recorder.records(
        delivery,
        new Attempt(
            delivery.id(),
            delivery.attempts() + 1,
            Attempt.Outcome.DISCARDED,
            delivery.trigger(),
            Optional.empty(),
            clock.millis()));
  }
}
