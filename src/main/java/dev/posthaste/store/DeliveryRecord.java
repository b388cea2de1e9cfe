package dev.posthaste.store;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Reply;
import java.time.Instant;
import java.util.Optional;

/**
 * How a delivery stands, as the tables tell.
 *
 * @param directUrl where it goes, if its event brought the destination itself
 * @param last its last attempt
 * @param nextAttemptAt when a deferred row of it is due
 */
public record DeliveryRecord(
    DeliveryId id,
    String eventType,
    Optional<String> directUrl,
    State state,
    Optional<AttemptRecord> last,
    Optional<Instant> nextAttemptAt) {

  /** The state follows from its last attempt and whether it waits. */
  public static DeliveryRecord of(
      DeliveryId id,
      String eventType,
      Optional<String> directUrl,
      Optional<AttemptRecord> last,
      Optional<Instant> nextAttemptAt) {
    return new DeliveryRecord(
        id,
        eventType,
        directUrl,
        State.of(nextAttemptAt.isPresent(), last.map(AttemptRecord::outcome)),
        last,
        nextAttemptAt);
  }

  /** How it stands. A delivery that waits is pending, whatever its last attempt was. */
  public enum State {
    PENDING,
    DELIVERED,
    FAILED;

    static State of(int number) {
      return values()[number - 1];
    }

    static State of(boolean waits, Optional<Attempt.Outcome> last) {
      if (waits || last.isEmpty() || !last.get().isFinal()) {
        return PENDING;
      }
      return last.get() == Attempt.Outcome.DELIVERED ? DELIVERED : FAILED;
    }
  }

  /**
   * An attempt that was made, or the word that there is none.
   *
   * @param reason why there was no answer
   * @param response the begin of the answer
   */
  public record AttemptRecord(
      int number,
      Attempt.Outcome outcome,
      Attempt.Trigger trigger,
      Optional<Integer> httpStatus,
      Optional<Reply.Reason> reason,
      long latencyMicros,
      Optional<String> address,
      Optional<String> response,
      Instant at) {}
}
