package dev.posthaste.cli;

/** A server that is away or busy: another moment may be better. */
final class TryAgainLater extends CommandFailure {
  private static final long serialVersionUID = 1L;

  TryAgainLater(String message) {
    super(message);
  }
}
