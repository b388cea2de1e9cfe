package dev.posthaste.ingest;

import java.util.Optional;

/**
 * What a short text may hold that goes into columns and headers. A text that PostgreSQL refuses or
 * changes would fail every event that is committed with it.
 */
final class TextRule {
  static final int MAX_LENGTH = 255;

  private TextRule() {}

  /** What is wrong with it, if anything. */
  static Optional<String> faultOf(String text, int maxLength) {
    if (text.isEmpty() || text.length() > maxLength) {
      return Optional.of("must have 1 to " + maxLength + " characters");
    }
    for (int i = 0, c; i < text.length(); i += Character.charCount(c)) {
      c = text.codePointAt(i);
      if (Character.isISOControl(c)) {
        return Optional.of("must not have control characters");
      }
      // Code points pair surrogates up; one that is left over stands alone.
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return Optional.of("must not have half a surrogate pair");
      }
    }
    return Optional.empty();
  }
}
