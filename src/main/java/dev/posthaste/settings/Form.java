package dev.posthaste.settings;

/** Reads one value from its text. */
@FunctionalInterface
interface Form<T> {
  /**
   * The value.
   *
   * @throws IllegalArgumentException if the text is not one; the message says what is allowed
   */
  T parse(String text);

  /** Whether messages must not quote the text. */
  default boolean isSecret() {
    return false;
  }
}
