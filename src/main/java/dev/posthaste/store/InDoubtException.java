package dev.posthaste.store;

/** Events are stored, or may be, but what became of them could not be read. */
public final class InDoubtException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InDoubtException(Throwable cause) {
    super("stored, but not all could be read back: " + cause.getMessage(), cause);
  }
}
