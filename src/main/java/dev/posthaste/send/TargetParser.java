package dev.posthaste.send;

import java.util.Locale;

/**
 * Reads the URL of an endpoint. Strict on purpose: what two parsers could read in two ways is
 * refused. Every {@link IllegalArgumentException} has a message for the user.
 */
final class TargetParser {
  private static final String HTTPS = "https://";
  private static final String HTTP = "http://";

  private TargetParser() {}

  static Target parse(String url, boolean httpAllowed) {
    check(url.length() <= Target.MAX_LENGTH, "is longer than " + Target.MAX_LENGTH + " characters");
    check(
        url.chars().noneMatch(TargetParser::isControlOrSpace), "has a space or control character");
    check(url.indexOf('\\') < 0, "has a backslash");
    check(url.indexOf('#') < 0, "has a fragment (#…): it would never be sent");
    boolean secure = isSecure(url, httpAllowed);
    int start = secure ? HTTPS.length() : HTTP.length();
    int end = endOfAuthority(url, start);
    String authority = url.substring(start, end);
    check(authority.indexOf('@') < 0, "has a user or password before the host");
    int colon = startOfPort(authority);
    Host host = Host.parse(colon < 0 ? authority : authority.substring(0, colon));
    int port = colon < 0 ? (secure ? 443 : 80) : port(authority.substring(colon + 1));
    return new Target(secure, host, port, requestUri(url.substring(end)));
  }

  private static boolean isSecure(String url, boolean httpAllowed) {
    String start =
        url.substring(0, Math.min(url.length(), HTTPS.length())).toLowerCase(Locale.ROOT);
    boolean secure = start.equals(HTTPS);
    boolean plain = start.startsWith(HTTP);
    check(secure || plain, "must begin with https://");
    check(secure || httpAllowed, "must begin with https://: http is not allowed here");
    return secure;
  }

  private static int endOfAuthority(String url, int start) {
    int end = start;
    while (end < url.length() && url.charAt(end) != '/' && url.charAt(end) != '?') {
      end++;
    }
    return end;
  }

  /** Where the colon before the port is, or -1; the colons of an IPv6 address are in brackets. */
  private static int startOfPort(String authority) {
    return authority.indexOf(':', authority.lastIndexOf(']') + 1);
  }

  private static int port(String text) {
    boolean number = !text.isEmpty() && text.length() <= 5 && text.chars().allMatch(Host::isDigit);
    int port = number ? Integer.parseInt(text) : 0;
    check(port >= 1 && port <= 65_535, "has a port that is not a number from 1 to 65535");
    return port;
  }

  private static String requestUri(String rest) {
    check(
        rest.chars().allMatch(TargetParser::mayBeInRequest),
        "has a character in its path or query that must be percent-encoded");
    return rest.startsWith("/") ? rest : "/" + rest;
  }

  private static boolean mayBeInRequest(int c) {
    return c > ' ' && c < 0x7f && c != '"' && c != '<' && c != '>';
  }

  private static boolean isControlOrSpace(int c) {
    return Character.isISOControl(c) || Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  static void check(boolean good, String fault) {
    if (!good) {
      throw new IllegalArgumentException("the URL " + fault);
    }
  }
}
