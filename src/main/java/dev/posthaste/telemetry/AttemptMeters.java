package dev.posthaste.telemetry;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Attempt.Outcome;
import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.Reply;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * What became of attempts. For all event loops, which meet only in counters that are spread over
 * cells: a whole delivery costs three histograms and a counter.
 */
final class AttemptMeters {
  /** 1xx to 5xx, then the reasons why there was no answer. */
  private static final int CLASSES = 5;

  private static final int REASONS = 1 + CLASSES + Reply.Reason.values().length;
  private static final int TRIGGERS = Trigger.values().length;

  private final Meters meters;
  private final Optional<TenantMeters> tenants;
  private final Timer duration;
  private final Timer queueWait;
  private final Timer[] arrived = new Timer[TRIGGERS];
  private final AtomicReferenceArray<Counter> attempts =
      new AtomicReferenceArray<>((Outcome.values().length + 1) * REASONS * (TRIGGERS + 1));

  AttemptMeters(Meters meters, Optional<TenantMeters> tenants) {
    this.meters = meters;
    this.tenants = tenants;
    duration =
        meters.timer("attempt.duration", "Time of one attempt, start to end.", Meters.SECONDS);
    queueWait =
        meters.timer(
            "queue.wait",
            "Time that a delivery waited for its turn before an attempt, for its pace too.",
            Meters.SECONDS);
    for (Trigger trigger : Trigger.values()) {
      arrived[trigger.number() - 1] =
          meters.timer(
              "accepted.to.arrived",
              "Time from the acceptance of an event to the answer that took it, by what the attempt was.",
              Meters.A_DAY,
              "trigger",
              TenantMeters.lower(trigger));
    }
  }

  void started(long waitedMillis) {
    queueWait.record(waitedMillis, TimeUnit.MILLISECONDS);
  }

  void attempted(Endpoint endpoint, Delivery delivery, Attempt attempt) {
    Reply reply = attempt.reply().orElse(null);
    long micros = reply == null ? 0 : reply.latencyMicros();
    counter(attempt, reply).increment();
    duration.record(micros, TimeUnit.MICROSECONDS);
    if (attempt.outcome() == Outcome.DELIVERED) {
      long acceptedAt = IdGenerator.millisOf(delivery.event().id());
      long millis = attempt.startedAtMillis() + micros / 1_000 - acceptedAt;
      arrived[attempt.trigger().number() - 1].record(Math.max(0, millis), TimeUnit.MILLISECONDS);
    }
    if (tenants.isPresent()) {
      tenants.get().attempted(endpoint.tenantId(), attempt.outcome());
    }
  }

  private Counter counter(Attempt attempt, Reply reply) {
    int reason = reasonOf(reply);
    int index =
        (attempt.outcome().number() * REASONS + reason) * TRIGGERS + attempt.trigger().number() - 1;
    Counter known = attempts.get(index);
    if (known == null) {
      known =
          meters.counter(
              "attempts",
              "Attempts that have ended, by outcome, by status class or why there was no answer, and by what they were.",
              "outcome",
              TenantMeters.lower(attempt.outcome()),
              "reason",
              name(reason),
              "trigger",
              TenantMeters.lower(attempt.trigger()));
      attempts.set(index, known);
    }
    return known;
  }

  private static int reasonOf(Reply reply) {
    return switch (reply) {
      case null -> 0;
      case Reply.Answered answered -> Math.clamp(answered.status() / 100, 1, CLASSES);
      case Reply.Unanswered unanswered -> CLASSES + unanswered.reason().number();
    };
  }

  private static String name(int reason) {
    if (reason == 0) {
      return "none";
    }
    return reason <= CLASSES ? reason + "xx" : Reply.Reason.of(reason - CLASSES).code();
  }
}
