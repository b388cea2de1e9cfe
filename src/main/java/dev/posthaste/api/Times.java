package dev.posthaste.api;

import dev.posthaste.event.Timestamps;
import java.time.Instant;
import java.util.Optional;

/** Times as they stand in answers: ISO 8601 in UTC, always with milliseconds. */
final class Times {
  private Times() {}

  static String text(Instant time) {
    return text(time.toEpochMilli());
  }

  static String text(long epochMillis) {
    return Timestamps.iso(epochMillis);
  }

  static String textOrNull(Optional<Instant> time) {
    return time.map(Times::text).orElse(null);
  }
}
