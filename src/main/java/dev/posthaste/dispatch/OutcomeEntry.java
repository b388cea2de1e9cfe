package dev.posthaste.dispatch;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Reply;
import dev.posthaste.event.Settlement;
import java.util.ArrayList;
import java.util.List;

/**
 * An outcome that is to be recorded. Holds no delivery, whose payload it would keep in memory while
 * the database is away.
 *
 * @param deferred whether it has a row in the table of deferred deliveries
 * @param ordered whether others of its key wait for it
 * @param settlement told once it is recorded that the delivery is over, or waits in the table
 * @param attempt null if none was made
 * @param deferral null if it does not wait in the table
 * @param unrecorded the attempt is not written
 */
record OutcomeEntry(
    long eventId,
    long endpointId,
    boolean deferred,
    boolean ordered,
    Settlement settlement,
    Attempt attempt,
    Deferral deferral,
    boolean unrecorded) {
  private static final int KIB = 1_024;

  static OutcomeEntry of(Delivery delivery, Attempt attempt, Deferral deferral) {
    return new OutcomeEntry(
        delivery.event().id(),
        delivery.endpointId(),
        delivery.deferred(),
        delivery.order().isPresent(),
        delivery.settlement(),
        attempt,
        deferral,
        false);
  }

  /** What it takes of the buffer: an answer may be a thousand times the rest. */
  int weight() {
    return attempt != null
            && attempt.reply().isPresent()
            && attempt.reply().get() instanceof Reply.Answered answered
        ? 1 + answered.excerpt().length() / KIB
        : 1;
  }

  OutcomeEntry withoutRecord() {
    return new OutcomeEntry(
        eventId, endpointId, deferred, ordered, settlement, attempt, deferral, true);
  }

  boolean isFinal() {
    return attempt != null && attempt.outcome().isFinal();
  }

  boolean isSettled() {
    return deferral != null || isFinal();
  }

  static List<Attempt> attempts(List<OutcomeEntry> group) {
    List<Attempt> attempts = new ArrayList<>(group.size());
    for (OutcomeEntry entry : group) {
      if (entry.attempt != null && !entry.unrecorded) {
        attempts.add(entry.attempt);
      }
    }
    return attempts;
  }

  static List<DeliveryId> released(List<OutcomeEntry> group) {
    List<DeliveryId> released = new ArrayList<>();
    for (OutcomeEntry entry : group) {
      if (entry.deferred && entry.isFinal()) {
        released.add(entry.attempt.delivery());
      }
    }
    return released;
  }

  static List<Deferral> deferrals(List<OutcomeEntry> group) {
    List<Deferral> deferrals = new ArrayList<>();
    for (OutcomeEntry entry : group) {
      if (entry.deferral != null) {
        deferrals.add(entry.deferral);
      }
    }
    return deferrals;
  }
}
