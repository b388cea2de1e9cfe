package dev.posthaste.settings;

import java.util.Optional;

/**
 * The operator's access to the management API.
 *
 * @param key at least 32 characters; empty = generated and kept in the data folder
 */
public record OperatorSettings(Optional<Secret> key) {
  private static final int MIN_LENGTH = 32;

  static OperatorSettings from(Section in) {
    return new OperatorSettings(in.optional("key", Forms.secret(OperatorSettings::key)));
  }

  private static Secret key(String text) {
    if (text.length() < MIN_LENGTH || !text.chars().allMatch(c -> c > ' ' && c < 127)) {
      throw new IllegalArgumentException(
          "must be empty or at least 32 printable ASCII characters without spaces");
    }
    return new Secret(text);
  }
}
