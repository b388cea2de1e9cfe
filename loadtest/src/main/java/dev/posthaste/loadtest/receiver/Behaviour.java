package dev.posthaste.loadtest.receiver;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a path does: {@code /ok}, {@code /delay/100} (milliseconds), {@code /fail/500}, {@code
 * /hang}, {@code /gone}, {@code /flaky/3} (refuses the first three tries of each event), {@code
 * /gate} (as {@code /ok}; the receiver can close it). Whatever follows only tells endpoints apart.
 *
 * @param status of the answer
 * @param delayMillis before the answer; below 0 for never
 * @param refusals tries of each event that get 503 first
 */
record Behaviour(int status, int delayMillis, int refusals) {
  private static final Pattern FORM = Pattern.compile("/([a-z]+)(?:/(\\d+))?(?:[/?].*)?");
  private static final int UNKNOWN = 404;

  /** What the path asks for; 404 for what is not known. */
  static Behaviour of(String path) {
    Matcher parts = FORM.matcher(path);
    if (!parts.matches()) {
      return new Behaviour(UNKNOWN, 0, 0);
    }
    int number = parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
    return switch (parts.group(1)) {
      case "ok", "gate" -> new Behaviour(200, 0, 0);
      case "delay" -> new Behaviour(200, number, 0);
      case "fail" -> new Behaviour(number, 0, 0);
      case "hang" -> new Behaviour(200, -1, 0);
      case "gone" -> new Behaviour(410, 0, 0);
      case "flaky" -> new Behaviour(200, 0, number);
      default -> new Behaviour(UNKNOWN, 0, 0);
    };
  }

  boolean takes() {
    return status < 300;
  }
}
