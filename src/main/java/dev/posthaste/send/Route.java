package dev.posthaste.send;

/**
 * What connections have in common that may serve the same requests: whom they were opened to, and
 * where that was.
 *
 * @param origin host and port as the URL has them: the name that a certificate was checked for
 * @param address the address behind it, with its port
 */
record Route(boolean secure, String origin, String address) {
  static Route of(Target target, Addresses.Address address) {
    return new Route(target.secure(), target.origin(), address.text());
  }

  /**
   * Of the origin alone, which has one or few addresses. What a record does by itself is 31 times
   * the one hash and the other: for a host that is an address both are the same, and 32 times a
   * number fills a few places of a table and leaves the rest empty.
   */
  @Override
  public int hashCode() {
    return origin.hashCode();
  }
}
