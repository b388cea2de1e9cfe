package dev.posthaste.store;

/** The tenant's attachments have no room for another one. */
public final class AttachmentsFullException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  AttachmentsFullException() {
    super("the tenant's attachments are as large as they may be", null, false, false);
  }
}
