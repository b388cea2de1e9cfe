package dev.posthaste.store;

/** The tenant has as many endpoints as it may have. */
public final class TooManyEndpointsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  TooManyEndpointsException() {
    super("the tenant has as many endpoints as it may have", null, false, false);
  }
}
