package dev.posthaste.store;

/** Another endpoint of the tenant has this uid. */
public final class UidTakenException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UidTakenException() {
    super("the uid is taken", null, false, false);
  }
}
