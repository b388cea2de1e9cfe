package dev.posthaste.event;

import java.util.Optional;

/**
 * One POST of a delivery, with its outcome; or the word that there will be none.
 *
 * @param number 1 for the first
 * @param startedAtMillis milliseconds since 1970
 */
public record Attempt(
    DeliveryId delivery,
    int number,
    Outcome outcome,
    Trigger trigger,
    Optional<Reply> reply,
    long startedAtMillis) {

  /** How the delivery stands after it. Numbers are those of the attempt table. */
  public enum Outcome {
    DELIVERED(1, true),
    /** Failed, and another attempt follows. */
    RETRYING(2, false),
    FAILED(3, true),
    /** Not attempted: the endpoint was disabled or deleted while the delivery waited. */
    DISCARDED(4, true);

    private final int number;
    private final boolean isFinal;

    Outcome(int number, boolean isFinal) {
      this.number = number;
      this.isFinal = isFinal;
    }

    public int number() {
      return number;
    }

    public static Outcome of(int number) {
      return values()[number - 1];
    }

    /** Whether the delivery is over. */
    public boolean isFinal() {
      return isFinal;
    }
  }

  /** Why the attempt was made. */
  public enum Trigger {
    LIVE(1),
    RETRY(2),
    RECOVERY(3),
    REPLAY(4);

    private final int number;

    Trigger(int number) {
      this.number = number;
    }

    /** Its number in the tables. */
    public int number() {
      return number;
    }

    /**
     * Why the attempt is made that follows a failed one. A replay stays one, so that it keeps its
     * place behind live traffic and its marker.
     */
    public Trigger again() {
      return this == REPLAY ? this : RETRY;
    }

    public static Trigger of(int number) {
      return values()[number - 1];
    }
  }
}
