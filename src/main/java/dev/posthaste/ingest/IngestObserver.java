package dev.posthaste.ingest;

import dev.posthaste.event.Event;
import java.util.List;

/**
 * Sees what comes in. Called on every event loop, some of it on the hot path: it must be quick,
 * thread-safe, and must not throw.
 */
public interface IngestObserver {
  /** Sees nothing. */
  IngestObserver NONE = new IngestObserver() {};

  /**
   * A group was committed.
   *
   * @param events all of it
   * @param repeats how many of them were seen before and are not stored again
   * @param nanos from the start of the commit to its end
   */
  default void committed(List<Event> events, int repeats, long nanos) {}

  /** Events were not accepted. A request whose events cannot be counted is one. */
  default void refused(Refusal reason, int events) {}

  /** An event breaks the rules of its catalog and is let in, as its tenant wants it. */
  default void warned() {}

  /** Why events are not accepted. */
  enum Refusal {
    /** As many wait for their commit as may. */
    QUEUE_FULL,
    /** As many committed deliveries are neither over nor deferred as may be. */
    UNSETTLED_FULL,
    /** Their tenant has posted as many in this second as it may. */
    TENANT_LIMIT,
    /** PostgreSQL did not take them. */
    DATABASE,
    /** Not JSON, or not what their type demands. */
    INVALID,
    TOO_LARGE,
    /** No valid key, or not for this. */
    NOT_ALLOWED,
    INTERNAL;

    /** For an answer that says so. */
    static Refusal of(int status) {
      return switch (status) {
        case 401, 403, 404 -> NOT_ALLOWED;
        case 413 -> TOO_LARGE;
        case 500 -> INTERNAL;
        default -> INVALID;
      };
    }
  }
}
