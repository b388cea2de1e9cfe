package dev.posthaste.send;

import io.netty.util.NetUtil;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * The checked addresses of one origin. All sends use the same one, so that they share connections,
 * until a connection to it fails. Belongs to one event loop.
 */
final class Addresses {
  private final List<Address> all;
  private int current;

  /**
   * @param addresses at least one, all of them admitted
   */
  Addresses(List<InetAddress> addresses, int port) {
    this.all = addresses.stream().map(a -> Address.of(a, port)).toList();
  }

  /**
   * One address.
   *
   * @param text for example {@code 203.0.113.7:443}
   */
  record Address(SocketAddress socket, String text) {
    /**
     * Drops the name that a looked-up address carries: Vert.x compares socket addresses by name,
     * and would go on to use the connections of the address that the name had before.
     */
    private static Address of(InetAddress named, int port) {
      try {
        InetAddress plain = InetAddress.getByAddress(named.getAddress());
        InetSocketAddress socket = new InetSocketAddress(plain, port);
        return new Address(
            SocketAddress.inetSocketAddress(socket), NetUtil.toSocketAddressString(socket));
      } catch (UnknownHostException e) {
        throw new IllegalArgumentException(e);
      }
    }
  }

  int size() {
    return all.size();
  }

  Address current() {
    return all.get(current);
  }

  /** From now on the next one, unless another send has moved on before. */
  void leave(Address failed) {
    if (current().equals(failed)) {
      current = (current + 1) % all.size();
    }
  }
}
