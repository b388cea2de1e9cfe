package dev.posthaste.send;

import dev.posthaste.event.Reply.Reason;

/** A failure that we name ourselves. Without a stack trace: it is an outcome, not a defect. */
final class SendFault extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final Reason reason;

  SendFault(Reason reason, String detail) {
    super(detail, null, false, false);
    this.reason = reason;
  }

  Reason reason() {
    return reason;
  }
}
