package dev.posthaste.loadtest.receiver;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a path does: {@code /ok}, {@code /delay/100} (milliseconds), {@code /fail/500}, {@code
 * /hang}, {@code /gone}, {@code /flaky/3} (refuses the first three tries of each event), {@code
 * /again/2} (answers the first try of each event that it may come again after 2 seconds), {@code
 * /gate} (as {@code /ok}; the receiver can close it), {@code /then/hang} (as {@code /ok} until the
 * receiver turns, then as {@code /hang}), {@code /once} (as {@code /ok}, and closes the
 * connection). What follows tells endpoints apart, by their number at the end.
 *
 * @param status of the answer
 * @param delayMillis before the answer; below 0 for never
 * @param refusals tries of each event that are refused first
 * @param againSeconds which a refusal asks for; 0 for none
 * @param closes whether the answer is the last one on its connection
 * @param endpoint number at the end of the path; 0 if there is none
 */
record Behaviour(
    int status, int delayMillis, int refusals, int againSeconds, boolean closes, int endpoint) {
  private static final Pattern FORM = Pattern.compile("/([a-z]+)(?:/(\\d+))?(?:[/?].*)?");
  private static final Pattern NUMBER_AT_END = Pattern.compile(".*/(\\d{1,9})");
  private static final int UNKNOWN = 404;
  private static final int CONFLICT = 409;
  private static final int UNAVAILABLE = 503;

  Behaviour(int status, int delayMillis, int refusals) {
    this(status, delayMillis, refusals, 0, false, 0);
  }

  /** What the path asks for; 404 for what is not known. */
  static Behaviour of(String path) {
    Behaviour asked = withoutNumber(path);
    Matcher end = NUMBER_AT_END.matcher(path);
    return new Behaviour(
        asked.status,
        asked.delayMillis,
        asked.refusals,
        asked.againSeconds,
        path.startsWith("/once"),
        end.matches() ? Integer.parseInt(end.group(1)) : 0);
  }

  private static Behaviour withoutNumber(String path) {
    Matcher parts = FORM.matcher(path);
    if (!parts.matches()) {
      return new Behaviour(UNKNOWN, 0, 0);
    }
    int number = parts.group(2) == null ? 0 : Integer.parseInt(parts.group(2));
    return switch (parts.group(1)) {
      case "ok", "gate", "once" -> new Behaviour(200, 0, 0);
      case "delay" -> new Behaviour(200, number, 0);
      case "fail" -> new Behaviour(number, 0, 0);
      case "hang" -> new Behaviour(200, -1, 0);
      case "gone" -> new Behaviour(410, 0, 0);
      case "flaky" -> new Behaviour(200, 0, number);
      case "again" -> new Behaviour(200, 0, 1, number, false, 0);
      default -> new Behaviour(UNKNOWN, 0, 0);
    };
  }

  boolean takes() {
    return status < 300;
  }

  /** Of a try that is refused. A conflict is of that one event, 503 would be of the endpoint. */
  int refusalStatus() {
    return againSeconds > 0 ? CONFLICT : UNAVAILABLE;
  }
}
