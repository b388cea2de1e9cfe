package dev.posthaste.send;

import java.util.Optional;

/**
 * Where an endpoint is: its URL, read and checked once. Immutable.
 *
 * <p>A target is well formed, not allowed: {@link TargetGuard} judges the addresses behind the name
 * on every attempt.
 */
public final class Target {
  /** The longest URL, in characters. */
  public static final int MAX_LENGTH = 2048;

  private final boolean secure;
  private final Host host;
  private final int port;
  private final String requestUri;
  private final String authority;
  private final String origin;
  private final byte[] head;

  Target(boolean secure, Host host, int port, String requestUri) {
    this.secure = secure;
    this.host = host;
    this.port = port;
    this.requestUri = requestUri;
    this.origin = host.inUrl() + ":" + port;
    this.authority = port == (secure ? 443 : 80) ? host.inUrl() : origin;
    this.head = RequestHead.fixed(requestUri, authority);
  }

  /** What {@link #parse} makes of a text. */
  public sealed interface Parsed {
    /** The URL is well formed. */
    record Good(Target target) implements Parsed {}

    /**
     * It is not.
     *
     * @param fault what is wrong, in words for the user who wrote the URL
     */
    record Bad(String fault) implements Parsed {}
  }

  /**
   * Reads a URL.
   *
   * @param httpAllowed whether {@code http} is good as well: the operator's choice
   */
  public static Parsed parse(String url, boolean httpAllowed) {
    try {
      return new Parsed.Good(TargetParser.parse(url, httpAllowed));
    } catch (IllegalArgumentException e) {
      return new Parsed.Bad(e.getMessage());
    }
  }

  /** Whether it is https. */
  public boolean secure() {
    return secure;
  }

  /** The host in lower-case ASCII; an IPv6 address is without its brackets. */
  public String host() {
    return host.name();
  }

  public int port() {
    return port;
  }

  /** Path and query, as they go into the request line. */
  public String requestUri() {
    return requestUri;
  }

  /** The value of the {@code Host} header. */
  public String authority() {
    return authority;
  }

  /** Host and port, always both: who answers, whatever is asked. */
  public String origin() {
    return origin;
  }

  /** How each request to it begins; read only. */
  byte[] head() {
    return head;
  }

  /** The bytes of the address, if the host is one and not a name. */
  Optional<byte[]> literal() {
    return host.literal();
  }

  /** The URL without its query, which may hold a secret: the form for logs. */
  public String redacted() {
    int query = requestUri.indexOf('?');
    String path = query < 0 ? requestUri : requestUri.substring(0, query) + "?…";
    return (secure ? "https://" : "http://") + authority + path;
  }

  /** {@link #redacted}. */
  @Override
  public String toString() {
    return redacted();
  }
}
