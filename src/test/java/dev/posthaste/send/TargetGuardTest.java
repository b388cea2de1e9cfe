package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetGuardTest {
  private final TargetGuard guard = new TargetGuard(List.of());

  /**
   * Before the range, its first and last address, after it; x where the neighbour is denied too.
   */
  @ParameterizedTest
  @CsvSource({
    "x, 0.0.0.0, 0.255.255.255, 1.0.0.0",
    "9.255.255.255, 10.0.0.0, 10.255.255.255, 11.0.0.0",
    "100.63.255.255, 100.64.0.0, 100.127.255.255, 100.128.0.0",
    "126.255.255.255, 127.0.0.0, 127.255.255.255, 128.0.0.0",
    "169.253.255.255, 169.254.0.0, 169.254.255.255, 169.255.0.0",
    "172.15.255.255, 172.16.0.0, 172.31.255.255, 172.32.0.0",
    "191.255.255.255, 192.0.0.0, 192.0.0.255, 192.0.1.0",
    "192.0.1.255, 192.0.2.0, 192.0.2.255, 192.0.3.0",
    "192.88.98.255, 192.88.99.0, 192.88.99.255, 192.88.100.0",
    "192.167.255.255, 192.168.0.0, 192.168.255.255, 192.169.0.0",
    "198.17.255.255, 198.18.0.0, 198.19.255.255, 198.20.0.0",
    "198.51.99.255, 198.51.100.0, 198.51.100.255, 198.51.101.0",
    "203.0.112.255, 203.0.113.0, 203.0.113.255, 203.0.114.0",
    "223.255.255.255, 224.0.0.0, 239.255.255.255, x",
    "x, 240.0.0.0, 255.255.255.255, x",
    "x, ::, 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2000::",
    "2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2001::, 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff, 2001:200::",
    "2001:db7:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db8::, 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff, 2001:db9::",
    "2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2002::, 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2003::",
    "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff::, 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff, 3fff:1000::",
    "3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 4000::, ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff, x",
  })
  void everyDeniedRangeHasItsExactEdges(String before, String first, String last, String after) {
    assertThat(guard.admits(bytes(first))).isFalse();
    assertThat(guard.admits(bytes(last))).isFalse();
    assertThat(before.equals("x") || guard.admits(bytes(before))).isTrue();
    assertThat(after.equals("x") || guard.admits(bytes(after))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::1", // loopback
        "fe80::1", // link-local
        "fd00::1", // unique local
        "ff02::1", // multicast
        "64:ff9b:1::808:808", // NAT64 of the local network
        "::808:808", // IPv4-compatible, long gone
        "::ffff:0:808:808", // IPv4-translated
      })
  void noIpv6AddressOutsideTheGlobalRangeIsAdmitted(String address) {
    assertThat(guard.admits(bytes(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"00000000000000000000ffff", "0064ff9b0000000000000000"})
  void anAddressThatWrapsIpv4IsJudgedByTheOneInside(String prefix) {
    assertThat(guard.admits(hex(prefix + "7f000001"))).isFalse();
    assertThat(guard.admits(hex(prefix + "0a000001"))).isFalse();
    assertThat(guard.admits(hex(prefix + "08080808"))).isTrue();
  }

  @Test
  void theAllowListOfTheOperatorOverrides() {
    TargetGuard open = new TargetGuard(List.of(Cidr.parse("10.1.0.0/16"), Cidr.parse("::1/128")));

    assertThat(open.admits(bytes("10.1.255.255"))).isTrue();
    assertThat(open.admits(hex("00000000000000000000ffff0a010203"))).isTrue();
    assertThat(open.admits(bytes("::1"))).isTrue();
    assertThat(open.admits(bytes("10.2.0.0"))).isFalse();
    assertThat(open.admits(bytes("::2"))).isFalse();
  }

  @Test
  void addressesOfTheJdkAreJudgedByTheirBytes() throws UnknownHostException {
    assertThat(guard.admits(InetAddress.getByAddress("public.example", bytes("127.0.0.1"))))
        .isFalse();
    assertThat(guard.admits(InetAddress.getByName("8.8.8.8"))).isTrue();
  }

  private static byte[] bytes(String address) {
    return NetUtil.createByteArrayFromIpAddressString(address);
  }

  private static byte[] hex(String text) {
    return java.util.HexFormat.of().parseHex(text);
  }
}
