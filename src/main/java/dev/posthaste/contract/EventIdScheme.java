package dev.posthaste.contract;

import dev.posthaste.event.Event;
import dev.posthaste.event.PublicId;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where the event id comes from that receivers see and deduplicate by. */
public enum EventIdScheme {
  /** {@code evt_} and 26 characters, as in the API: every accepted event has its own. */
  GENERATED,

  /**
   * {@code evt_{resource id}_{type with dots as underscores}_{occurred-at ms}}: the same update
   * published twice has the same id. An event that names no resource gets a generated id.
   */
  DETERMINISTIC;

  private static final Pattern DETERMINED = Pattern.compile("evt_[^ ]+_(-?[0-9]{1,15})");

  /** The id of an event as receivers see it: printable ASCII without spaces. */
  public String idOf(Event event) {
    return dedupKey(event.resourceId(), event.type(), event.occurredAtMillis())
        .orElseGet(() -> PublicId.EVENT.format(event.shownId()));
  }

  /**
   * By what a repeat is recognised before the event has an id of its own.
   *
   * @return the id that the event will have if it follows from its content, otherwise empty
   */
  public Optional<String> dedupKey(
      Optional<String> resourceId, String type, long occurredAtMillis) {
    if (this == GENERATED || resourceId.isEmpty()) {
      return Optional.empty();
    }
    String resource = headerSafe(resourceId.get());
    return Optional.of("evt_" + resource + "_" + type.replace('.', '_') + "_" + occurredAtMillis);
  }

  /**
   * When an event has occurred whose id follows from its content: such an id ends with it.
   *
   * @return milliseconds since 1970; empty if the text cannot be such an id
   */
  public static OptionalLong occurredAtOf(String id) {
    Matcher form = DETERMINED.matcher(id);
    return form.matches() ? OptionalLong.of(Long.parseLong(form.group(1))) : OptionalLong.empty();
  }

  /**
   * Ids stand in headers, and a resource id is whatever the publisher says: what is not visible
   * ASCII is percent-encoded, which keeps different resources different.
   */
  private static String headerSafe(String text) {
    if (text.chars().allMatch(EventIdScheme::passes)) {
      return text;
    }
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (passes(b)) {
        out.append((char) b);
      } else {
        out.append(String.format("%%%02X", b & 0xff));
      }
    }
    return out.toString();
  }

  private static boolean passes(int c) {
    return c > ' ' && c < 0x7f && c != '%';
  }
}
