package dev.posthaste.contract;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Header names and values in contract files. */
final class HeaderNames {
  /** RFC 9110, 5.6.2, in lower case: HTTP/2 knows no other. */
  private static final Pattern TOKEN = Pattern.compile("[a-z0-9!#$%&'*+.^_`|~-]{1,64}");

  private static final Pattern VALUE = Pattern.compile("[!-~](?:[ -~]{0,254}[!-~])?");

  private static final Set<String> TAKEN =
      Set.of(
          "host",
          "connection",
          "content-length",
          "content-type",
          "transfer-encoding",
          "upgrade",
          "user-agent",
          "accept-encoding");

  private HeaderNames() {}

  /** The name under a key, in lower case. */
  static String read(Section section, String key) {
    String name = section.text(key).toLowerCase(Locale.ROOT);
    if (!name.isEmpty() && !TOKEN.matcher(name).matches()) {
      section.fault(key, "must be a header name such as x-example-signature; is " + name);
    }
    if (TAKEN.contains(name)) {
      section.fault(key, "must not be " + name + ": the sender writes it");
    }
    return name;
  }

  static boolean isValue(String text) {
    return VALUE.matcher(text).matches();
  }
}
