package dev.posthaste.settings;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Checks {@code address/prefix} without ever asking a name server. */
final class CidrForm {
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern PREFIX = Pattern.compile("0|[1-9][0-9]{0,2}");
  private static final String FORM = "must be an address range like 10.0.0.0/8 or fd00::/8";

  private CidrForm() {}

  /** The text itself, if it is a range. */
  static String check(String text) {
    int slash = text.indexOf('/');
    int bits = slash < 0 ? -1 : bits(text.substring(0, slash));
    String prefix = text.substring(slash + 1);
    if (bits < 0 || !PREFIX.matcher(prefix).matches() || Integer.parseInt(prefix) > bits) {
      throw new IllegalArgumentException(FORM);
    }
    return text;
  }

  private static int bits(String address) {
    if (IPV4.matcher(address).matches()) {
      return 32;
    }
    return IPV6.matcher(address).matches() && isAddress(address) ? 128 : -1;
  }

  private static boolean isAddress(String ipv6) {
    try {
      // A text with a colon is taken as an address or refused, never looked up.
      return InetAddress.getByName(ipv6) != null;
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
