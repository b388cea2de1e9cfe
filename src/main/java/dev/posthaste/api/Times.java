package dev.posthaste.api;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;

/** Times as they stand in answers: ISO 8601 in UTC, always with milliseconds. */
final class Times {
  private static final DateTimeFormatter FORM =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Times() {}

  static String text(Instant time) {
    return FORM.format(time);
  }

  static String text(long epochMillis) {
    return text(Instant.ofEpochMilli(epochMillis));
  }

  static String textOrNull(Optional<Instant> time) {
    return time.map(Times::text).orElse(null);
  }
}
