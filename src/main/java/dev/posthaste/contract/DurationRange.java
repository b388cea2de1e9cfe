package dev.posthaste.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in files: a whole number and a unit ({@code 200ms}, {@code 30s}), within bounds. */
record DurationRange(Duration min, Duration max) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
  private static final Map<String, Duration> UNITS =
      Map.of(
          "ms", Duration.ofMillis(1),
          "s", Duration.ofSeconds(1),
          "m", Duration.ofMinutes(1),
          "h", Duration.ofHours(1),
          "d", Duration.ofDays(1));

  /** The duration, or the least one after telling what is wrong. */
  Duration read(JsonNode value, Consumer<String> fault) {
    Matcher form = FORM.matcher(value.isTextual() ? value.textValue() : "");
    if (form.matches()) {
      Duration duration = UNITS.get(form.group(2)).multipliedBy(Long.parseLong(form.group(1)));
      if (duration.compareTo(min) >= 0 && duration.compareTo(max) <= 0) {
        return duration;
      }
    }
    fault.accept(
        Section.wrong(
            "a duration from %s to %s, written like 200ms, 30s, 5m, 2h or 1d"
                .formatted(text(min), text(max)),
            value));
    return min;
  }

  private static String text(Duration duration) {
    if (duration.toMillis() % 1000 != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
