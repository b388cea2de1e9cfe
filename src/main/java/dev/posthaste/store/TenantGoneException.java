package dev.posthaste.store;

/** The tenant was deleted a moment ago. */
public final class TenantGoneException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TenantGoneException() {
    super("the tenant was deleted", null, false, false);
  }
}
