package dev.posthaste.settings;

/**
 * A text that must not reach a log. Only {@link #reveal()} gives it.
 *
 * @param reveal the text itself
 */
public record Secret(String reveal) {
  static final String MASK = "***";

  /** Masked. */
  @Override
  public String toString() {
    return MASK;
  }
}
