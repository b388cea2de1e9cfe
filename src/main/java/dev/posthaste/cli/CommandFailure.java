package dev.posthaste.cli;

/** A command that could not do its work; the message is for the person at the terminal. */
public sealed class CommandFailure extends RuntimeException permits TryAgainLater {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message);
  }
}
