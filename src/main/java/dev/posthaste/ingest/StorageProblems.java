package dev.posthaste.ingest;

import dev.posthaste.http.Problem;
import dev.posthaste.store.StoreTrouble;
import dev.posthaste.store.UnsentException;
import io.vertx.pgclient.PgException;

/** What a publisher is told when PostgreSQL does not take an event. */
final class StorageProblems {
  /** SQLSTATE class 53: out of disk, memory or connections. */
  private static final String INSUFFICIENT_RESOURCES = "53";

  private static final int RETRY_AFTER_SECONDS = 2;

  private StorageProblems() {}

  static Problem of(Throwable cause) {
    if (StoreTrouble.isInDoubt(cause)) {
      return Problem.unavailable(
          "The database went away while it was committing, so this may have been accepted. Send it"
              + " again; with an id of your own it is recognised if it was.",
          RETRY_AFTER_SECONDS);
    }
    return Problem.unavailable(refusal(cause), RETRY_AFTER_SECONDS);
  }

  private static String refusal(Throwable cause) {
    if (isOutOfRoom(cause)) {
      return "The database is out of disk space or connections; nothing was accepted. The operator"
          + " must make room. Send this again later.";
    }
    return StoreTrouble.isAway(cause)
        ? "The database is away; nothing was accepted. Send this again."
        : "The database did not take it; nothing was accepted. Send this again.";
  }

  /** What PostgreSQL said, to a statement or instead of a connection. */
  private static boolean isOutOfRoom(Throwable cause) {
    Throwable word = cause instanceof UnsentException ? cause.getCause() : cause;
    return word instanceof PgException known
        && known.getSqlState() != null
        && known.getSqlState().startsWith(INSUFFICIENT_RESOURCES);
  }
}
