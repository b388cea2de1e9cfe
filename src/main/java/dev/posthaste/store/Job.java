package dev.posthaste.store;

import java.time.Instant;
import java.util.Optional;

/**
 * Work that goes on for longer than a request: bringing back a range of an endpoint's deliveries.
 *
 * @param range of events
 * @param cursor events up to this id were looked at
 * @param total deliveries that will be made in all; empty until they were counted
 * @param counts of deliveries
 * @param createdBy the id and the name of the key that asked for it
 */
public record Job(
    long id,
    long tenantId,
    long endpointId,
    Picks picks,
    Range range,
    State state,
    long cursor,
    Optional<Long> total,
    Counts counts,
    Creator createdBy,
    Instant createdAt,
    Optional<Instant> endedAt) {

  /** How it stands. Numbers are those of the table. */
  public enum State {
    RUNNING(1),
    /** Its endpoint is disabled; it goes on when that is active again. */
    PAUSED(2),
    DONE(3),
    CANCELED(4),
    ENDPOINT_DELETED(5);

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

    /** Whether there may be more to do. */
    public boolean isActive() {
      return this == RUNNING || this == PAUSED;
    }
  }

  /** Which deliveries it brings back. Numbers are those of the table. */
  public enum Picks {
    /** Those that are over without having been taken. */
    FAILED(1),
    /** Those that were never made, since the endpoint was disabled or not yet there. */
    MISSED(2),
    /** Both of these, and the ones that were taken. */
    ALL(3);

    private final int number;

    Picks(int number) {
      this.number = number;
    }

    int number() {
      return number;
    }

    static Picks of(int number) {
      return values()[number - 1];
    }
  }

  /** Ids of events, both ends included. */
  public record Range(long first, long last) {}

  /**
   * What became of its deliveries.
   *
   * @param queued put up for delivery so far
   */
  public record Counts(long queued, long delivered, long failed) {
    /** No longer waiting. */
    public long over() {
      return delivered + failed;
    }
  }

  /** The key that asked for it. */
  public record Creator(long keyId, String keyName) {}
}
