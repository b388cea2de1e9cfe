package dev.posthaste.send;

import io.netty.util.NetUtil;
import java.util.Arrays;

/** A range of addresses, such as {@code 10.0.0.0/8} or {@code fd00::/8}. */
public final class Cidr {
  private static final int MAPPED_PREFIX = 12;

  private final byte[] network;
  private final int prefix;

  private Cidr(byte[] network, int prefix) {
    this.network = network;
    this.prefix = prefix;
  }

  /**
   * Reads a range; an address without a prefix is the range of that one.
   *
   * @throws IllegalArgumentException with a message for the operator
   */
  public static Cidr parse(String text) {
    int slash = text.indexOf('/');
    String address = slash < 0 ? text : text.substring(0, slash);
    byte[] bytes =
        address.indexOf('%') < 0 ? NetUtil.createByteArrayFromIpAddressString(address) : null;
    check(bytes != null, text, "does not begin with an IP address");
    check(!isMapped(bytes), text, "is IPv4 in the form of IPv6: write the IPv4 range");
    int bits = bytes.length * Byte.SIZE;
    int prefix = slash < 0 ? bits : prefix(text.substring(slash + 1));
    check(prefix >= 0 && prefix <= bits, text, "needs a prefix from 0 to " + bits + " after the /");
    Cidr cidr = new Cidr(bytes, prefix);
    check(
        cidr.isAligned(),
        text,
        "has bits set after its prefix: is the address or the prefix wrong?");
    return cidr;
  }

  /** Whether the address is in the range. An IPv4 address is in no IPv6 range. */
  public boolean contains(byte[] address) {
    if (address.length != network.length) {
      return false;
    }
    int whole = prefix / Byte.SIZE;
    if (!Arrays.equals(address, 0, whole, network, 0, whole)) {
      return false;
    }
    int rest = prefix % Byte.SIZE;
    return rest == 0 || (address[whole] ^ network[whole]) >> (Byte.SIZE - rest) == 0;
  }

  /** IPv4 inside IPv6, {@code ::ffff:0:0/96}. */
  static boolean isMapped(byte[] address) {
    if (address.length != 16 || address[10] != -1 || address[11] != -1) {
      return false;
    }
    return Arrays.equals(address, 0, MAPPED_PREFIX - 2, new byte[MAPPED_PREFIX - 2], 0, 10);
  }

  @Override
  public String toString() {
    return NetUtil.bytesToIpAddress(network) + "/" + prefix;
  }

  private boolean isAligned() {
    for (int bit = prefix; bit < network.length * Byte.SIZE; bit++) {
      if ((network[bit / Byte.SIZE] >> (7 - bit % Byte.SIZE) & 1) != 0) {
        return false;
      }
    }
    return true;
  }

  private static int prefix(String text) {
    boolean number = !text.isEmpty() && text.length() <= 3 && text.chars().allMatch(Host::isDigit);
    return number ? Integer.parseInt(text) : -1;
  }

  private static void check(boolean good, String text, String fault) {
    if (!good) {
      throw new IllegalArgumentException("the address range \"" + text + "\" " + fault);
    }
  }
}
