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
}
