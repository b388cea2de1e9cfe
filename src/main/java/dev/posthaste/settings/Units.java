package dev.posthaste.settings;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations and sizes as people write them: {@code 250ms}, {@code 64KiB}. */
final class Units {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,9}) ?([A-Za-z]+)");
  private static final Map<String, Long> MILLIS = new LinkedHashMap<>();
  private static final Map<String, Long> BYTES = new LinkedHashMap<>();

  static {
    // Largest first: text() takes the first that divides.
    MILLIS.put("d", 86_400_000L);
    MILLIS.put("h", 3_600_000L);
    MILLIS.put("m", 60_000L);
    MILLIS.put("s", 1_000L);
    MILLIS.put("ms", 1L);
    BYTES.put("GiB", 1L << 30);
    BYTES.put("MiB", 1L << 20);
    BYTES.put("KiB", 1L << 10);
    BYTES.put("B", 1L);
  }

  private Units() {}

  static Optional<Duration> duration(String text) {
    return amount(text, MILLIS).map(Duration::ofMillis);
  }

  static Optional<Long> bytes(String text) {
    return amount(text, BYTES);
  }

  static String text(Duration duration) {
    return text(duration.toMillis(), MILLIS, "0s");
  }

  static String text(long bytes) {
    return text(bytes, BYTES, "0B");
  }

  private static Optional<Long> amount(String text, Map<String, Long> units) {
    Matcher matcher = AMOUNT.matcher(text);
    if (!matcher.matches() || !units.containsKey(matcher.group(2))) {
      return Optional.empty();
    }
    // Nine digits times the largest unit stay far below Long.MAX_VALUE.
    return Optional.of(Long.parseLong(matcher.group(1)) * units.get(matcher.group(2)));
  }

  private static String text(long amount, Map<String, Long> units, String zero) {
    return units.entrySet().stream()
        .filter(unit -> amount != 0 && amount % unit.getValue() == 0)
        .findFirst()
        .map(unit -> amount / unit.getValue() + unit.getKey())
        .orElse(zero);
  }
}
