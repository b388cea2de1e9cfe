package dev.posthaste.store;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Reply;
import java.time.Instant;
import java.util.Optional;

/**
 * How a delivery stands, as the tables tell.
 *
 * @param last its last attempt
 * @param nextAttemptAt when a deferred row of it is due
 */
public record DeliveryRecord(
    DeliveryId id,
    String eventType,
    State state,
    Optional<AttemptRecord> last,
    Optional<Instant> nextAttemptAt) {

  /** How it stands. A delivery that waits is pending, whatever its last attempt was. */
  public enum State {
    PENDING(1),
    DELIVERED(2),
    FAILED(3);

    private final int number;

    State(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static State of(int number) {
      return values()[number - 1];
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
