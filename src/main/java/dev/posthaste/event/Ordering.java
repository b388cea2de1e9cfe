package dev.posthaste.event;

import java.util.Optional;

/**
 * The order in which an endpoint wants its deliveries: each only after the one before it is over.
 *
 * @param keyPointer JSON pointer (RFC 6901) to a value of the event as it is posted, such as {@code
 *     /data/caseId}; without {@code /data} in front it is taken to begin in the data. Deliveries
 *     with equal values are in order among themselves, and so are those whose event has no value
 *     there, or null: a pointer that misses makes deliveries slow, not disordered. None: all
 *     deliveries of the endpoint are in one order (fifo)
 * @param onFailure what happens when a delivery fails for good
 */
public record Ordering(Optional<String> keyPointer, OnFailure onFailure) {
  /** What follows a delivery that has used up its schedule. */
  public enum OnFailure {
    /** The next one goes. */
    SKIP(1),
    /** It is tried again, at the last wait of its schedule, until it is taken. */
    BLOCK(2);

    private final int number;

    OnFailure(int number) {
      this.number = number;
    }

    /** Its number in the endpoint table. */
    public int number() {
      return number;
    }

    public static OnFailure of(int number) {
      return values()[number - 1];
    }
  }
}
