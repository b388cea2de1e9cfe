package dev.posthaste.loadtest.torture.check;

/**
 * One attempt as the receiver saw it.
 *
 * @param atMicros when it was read whole, on the run's clock; a refusal follows at once
 * @param eventIdHash of the event's id as it stood in the header
 */
public record Arrival(long atMicros, Answer answer, int eventIdHash) {
  /** What the receiver did with it. */
  public enum Answer {
    TAKEN,
    REFUSED,
    UNANSWERED,
    /** The connection was reset after the request had come. */
    CUT_OFF
  }

  /** Whether it was answered with success. */
  public boolean isTaken() {
    return answer == Answer.TAKEN;
  }
}
