package dev.posthaste.api;

import dev.posthaste.http.Problem.Fault;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which headers an endpoint may add to its deliveries, and which values nobody sees again. */
final class HeaderRules {
  static final String MASK = "********";

  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");

  /** Hop by hop (RFC 9110, 7.6.1), or set by the client that sends. */
  private static final Set<String> RESERVED =
      Set.of(
          "connection",
          "keep-alive",
          "proxy-connection",
          "proxy-authenticate",
          "proxy-authorization",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "expect",
          "host",
          "user-agent",
          "accept-encoding",
          "date");

  private static final List<String> RESERVED_PREFIXES =
      List.of("content-", "webhook-", "case-webhook-", "x-agentpost-", "x-posthaste-");

  private static final Pattern SENSITIVE =
      Pattern.compile("(.*-)?(authorization|cookie|key|token|secret|password|signature)|apikey");

  private HeaderRules() {}

  static List<Fault> faults(JsonObject headers) {
    List<Fault> faults = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    if (headers != null) {
      for (String name : headers.fieldNames()) {
        fault(name, headers.getString(name), seen)
            .ifPresent(fault -> faults.add(new Fault(Pointers.child("/headers", name), fault)));
      }
    }
    return faults;
  }

  private static Optional<String> fault(String name, String value, Set<String> seen) {
    String lower = name.toLowerCase(Locale.ROOT);
    if (!TOKEN.matcher(name).matches()) {
      return Optional.of("the name must be a token: letters, digits and !#$%&'*+.^_`|~-");
    }
    if (RESERVED.contains(lower) || RESERVED_PREFIXES.stream().anyMatch(lower::startsWith)) {
      return Optional.of("is set by Posthaste and cannot be chosen");
    }
    if (!seen.add(lower)) {
      return Optional.of("is given twice; upper and lower case are the same");
    }
    if (value.equals(MASK)) {
      return Optional.of("is the mask that answers show; send the value itself");
    }
    return isText(value)
        ? Optional.empty()
        : Optional.of(
            "the value must be printable ASCII, not begin or end with a space, and hold no control"
                + " characters");
  }

  private static boolean isText(String value) {
    return value.equals(value.strip()) && value.chars().allMatch(c -> c >= 0x20 && c < 0x7f);
  }

  /** The value as answers show it. */
  static String shown(String name, String value) {
    return SENSITIVE.matcher(name.toLowerCase(Locale.ROOT)).matches() ? MASK : value;
  }
}
