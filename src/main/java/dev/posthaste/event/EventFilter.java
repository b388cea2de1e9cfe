package dev.posthaste.event;

import java.util.regex.Pattern;

/**
 * Which event types an endpoint wants: an exact name, {@code prefix.*} for every type that begins
 * with {@code prefix.}, or {@code *} for all.
 */
public record EventFilter(String text) {
  private static final Pattern FORM =
      Pattern.compile("\\*|[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*(\\.\\*)?");
  private static final int MAX_LENGTH = 128;

  public EventFilter {
    if (!isValid(text)) {
      throw new IllegalArgumentException("not an event filter: " + text);
    }
  }

  /** Whether a text has the form of a filter. */
  public static boolean isValid(String text) {
    return text.length() <= MAX_LENGTH && FORM.matcher(text).matches();
  }

  /** Whether events of the type pass. */
  public boolean matches(String eventType) {
    if (!text.endsWith("*")) {
      return text.equals(eventType);
    }
    return eventType.startsWith(text.substring(0, text.length() - 1));
  }
}
