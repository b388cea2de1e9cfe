package dev.posthaste.store;

/** There is no connection to PostgreSQL: the statement was not sent, so nothing was written. */
public final class UnsentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UnsentException(Throwable cause) {
    super("no connection to PostgreSQL: " + cause.getMessage(), cause);
  }
}
