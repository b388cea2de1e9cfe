package dev.posthaste.store;

/** Another request with the same idempotency key is under way. */
public final class NameHeldException extends RuntimeException {
  private static final long serialVersionUID = 1;

  NameHeldException() {
    super("a request with this idempotency key is under way", null, false, false);
  }
}
