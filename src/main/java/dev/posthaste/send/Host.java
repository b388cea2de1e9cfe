package dev.posthaste.send;

import static dev.posthaste.send.TargetParser.check;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The host of a URL: a name, or a literal address.
 *
 * @param name in lower-case ASCII, IPv6 without brackets
 * @param literal the bytes of a literal address
 */
record Host(String name, Optional<byte[]> literal) {
  private static final int MAX_LENGTH = 253;

  /** Also the underscore, which names inside a network often have. */
  private static final Pattern LABEL =
      Pattern.compile("[a-z0-9_]|[a-z0-9_][a-z0-9_-]{0,61}[a-z0-9_]");

  /** The only form with an IPv4 address that all parsers read alike. */
  private static final Pattern MAPPED = Pattern.compile("::[fF]{4}:[0-9.]+");

  private static final Pattern IPV4_PART = Pattern.compile("0|[1-9][0-9]{0,2}");

  /** Resolvers read {@code 0x7f} as a number, too. */
  private static final Pattern NUMERIC = Pattern.compile("[0-9]+|0x[0-9a-f]*");

  static Host parse(String text) {
    check(!text.isEmpty(), "has no host");
    return text.startsWith("[") ? ipv6(text) : nameOrIpv4(ascii(text));
  }

  /** How it stands in a URL and in the {@code Host} header. */
  String inUrl() {
    return name.indexOf(':') < 0 ? name : "[" + name + "]";
  }

  static boolean isDigit(int c) {
    return c >= '0' && c <= '9';
  }

  private static Host ipv6(String text) {
    String inside = text.endsWith("]") ? text.substring(1, text.length() - 1) : "";
    boolean good =
        inside.indexOf('%') < 0
            && (inside.indexOf('.') < 0 || MAPPED.matcher(inside).matches())
            && NetUtil.isValidIpV6Address(inside);
    check(good, "has a host in brackets that is no IPv6 address");
    byte[] bytes = NetUtil.createByteArrayFromIpAddressString(inside);
    return new Host(inside.toLowerCase(Locale.ROOT), Optional.of(bytes));
  }

  private static String ascii(String text) {
    try {
      return IDN.toASCII(text, IDN.ALLOW_UNASSIGNED).toLowerCase(Locale.ROOT);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("the URL has a host that is no valid name", e);
    }
  }

  private static Host nameOrIpv4(String name) {
    check(name.length() <= MAX_LENGTH, "has a host longer than " + MAX_LENGTH + " characters");
    String[] labels = name.split("\\.", -1);
    for (String label : labels) {
      check(LABEL.matcher(label).matches(), "has a host that is no valid name");
    }
    if (!NUMERIC.matcher(labels[labels.length - 1]).matches()) {
      return new Host(name, Optional.empty());
    }
    check(isIpv4(labels), "has a numeric host that is no IPv4 address of four decimal parts");
    return new Host(name, Optional.of(NetUtil.createByteArrayFromIpAddressString(name)));
  }

  private static boolean isIpv4(String[] parts) {
    boolean good = parts.length == 4;
    for (String part : parts) {
      good = good && IPV4_PART.matcher(part).matches() && Integer.parseInt(part) <= 255;
    }
    return good;
  }
}
