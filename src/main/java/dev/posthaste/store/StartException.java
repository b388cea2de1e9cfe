package dev.posthaste.store;

/** The store cannot start. The message tells the operator what is wrong and what to do. */
public final class StartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public StartException(String message) {
    super(message);
  }

  public StartException(String message, Throwable cause) {
    // With the name: the message of an AccessDeniedException is no more than a path.
    super(message + ": " + cause.getClass().getSimpleName() + ": " + cause.getMessage(), cause);
  }
}
