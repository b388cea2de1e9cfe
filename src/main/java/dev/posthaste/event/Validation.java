package dev.posthaste.event;

import java.util.Locale;

/** What becomes of an event that the catalog of its tenant does not allow. */
public enum Validation {
  /** It is accepted; nobody looks. */
  OFF(1),
  /** It is accepted, and its publisher is told. */
  WARN(2),
  REJECT(3);

  private final int number;

  Validation(int number) {
    this.number = number;
  }

  /** Its number in the tenant table. */
  public int number() {
    return number;
  }

  public static Validation of(int number) {
    return values()[number - 1];
  }

  /** Its name in the API. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * The one of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  public static Validation ofCode(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
