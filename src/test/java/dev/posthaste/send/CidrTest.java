package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.NetUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CidrTest {
  @ParameterizedTest
  @CsvSource({
    "11.0.0.0/7, has bits set after its prefix",
    "11.0.0.1/31, has bits set after its prefix",
    "10.0.0.0/33, needs a prefix from 0 to 32",
    "10.0.0.0/, needs a prefix from 0 to 32",
    "10.0.0.0/-1, needs a prefix from 0 to 32",
    "fd00::/129, needs a prefix from 0 to 128",
    "::ffff:10.0.0.0/104, write the IPv4 range",
    "example.com/8, does not begin with an IP address",
    "fe80::1%eth0/64, does not begin with an IP address",
    "'', does not begin with an IP address",
  })
  void aFaultSaysWhatIsWrong(String text, String fault) {
    assertThatThrownBy(() -> Cidr.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\"")
        .hasMessageContaining(fault);
  }

  @Test
  void anAddressAloneIsTheRangeOfThatOne() {
    Cidr one = Cidr.parse("192.168.1.7");

    assertThat(one).hasToString("192.168.1.7/32");
    assertThat(one.contains(bytes("192.168.1.7"))).isTrue();
    assertThat(one.contains(bytes("192.168.1.6"))).isFalse();
  }

  @Test
  void theRangeOfEverythingHoldsItsFamilyOnly() {
    assertThat(Cidr.parse("0.0.0.0/0").contains(bytes("255.1.2.3"))).isTrue();
    assertThat(Cidr.parse("0.0.0.0/0").contains(bytes("2001:db8::1"))).isFalse();
  }

  @Test
  void aPrefixMayEndInsideAByte() {
    Cidr range = Cidr.parse("172.16.0.0/12");

    assertThat(range.contains(bytes("172.31.255.255"))).isTrue();
    assertThat(range.contains(bytes("172.32.0.0"))).isFalse();
    assertThat(range.contains(bytes("172.15.255.255"))).isFalse();
  }

  private static byte[] bytes(String address) {
    return NetUtil.createByteArrayFromIpAddressString(address);
  }
}
