package dev.posthaste.send;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which addresses a delivery may go to: public ones, and the ranges that the operator allows.
 *
 * <p>Ranges are matched on the bytes of the address, since the predicates of {@link InetAddress}
 * miss most of them. The list follows the IANA special-purpose address registries. Immutable;
 * thread-safe.
 */
public final class TargetGuard {
  private static final List<Cidr> DENIED =
      cidrs(
          "0.0.0.0/8",
          "10.0.0.0/8",
          "100.64.0.0/10",
          "127.0.0.0/8",
          "169.254.0.0/16",
          "172.16.0.0/12",
          "192.0.0.0/24",
          "192.0.2.0/24",
          "192.88.99.0/24",
          "192.168.0.0/16",
          "198.18.0.0/15",
          "198.51.100.0/24",
          "203.0.113.0/24",
          "224.0.0.0/4",
          "240.0.0.0/4",
          "2001::/23",
          "2001:db8::/32",
          "2002::/16",
          "3fff::/20");

  /** Of IPv6 only this is given out to the public Internet. */
  private static final Cidr GLOBAL_IPV6 = Cidr.parse("2000::/3");

  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");

  private final List<Cidr> allowed;

  /**
   * @param allowed ranges that the operator opens although they are denied, such as its own network
   */
  public TargetGuard(List<Cidr> allowed) {
    this.allowed = List.copyOf(allowed);
  }

  /** Whether a delivery may go to the address. */
  public boolean admits(InetAddress address) {
    return admits(address.getAddress());
  }

  /**
   * Whether a delivery may go to the address.
   *
   * @param address 4 or 16 bytes in network order
   */
  public boolean admits(byte[] address) {
    byte[] judged = inner(address);
    return isIn(allowed, judged) || isPublic(judged);
  }

  private static boolean isPublic(byte[] address) {
    return (address.length == 4 || GLOBAL_IPV6.contains(address)) && !isIn(DENIED, address);
  }

  /** The IPv4 address inside an IPv6 one that only wraps it: that is where the packets go. */
  private static byte[] inner(byte[] address) {
    boolean wraps = Cidr.isMapped(address) || NAT64.contains(address);
    return wraps ? Arrays.copyOfRange(address, 12, 16) : address;
  }

  private static boolean isIn(List<Cidr> ranges, byte[] address) {
    for (Cidr range : ranges) {
      if (range.contains(address)) {
        return true;
      }
    }
    return false;
  }

  private static List<Cidr> cidrs(String... texts) {
    return Stream.of(texts).map(Cidr::parse).toList();
  }
}
