package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.send.Target.Parsed;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {
  @ParameterizedTest
  @CsvSource({
    "https://example.com, example.com, 443, /, example.com",
    "HTTPS://Example.COM/Hook?a=1, example.com, 443, /Hook?a=1, example.com",
    "https://example.com?a=1, example.com, 443, /?a=1, example.com",
    "https://example.com:8443/h, example.com, 8443, /h, example.com:8443",
    "https://example.com:443/h, example.com, 443, /h, example.com",
    "http://example.com/h, example.com, 80, /h, example.com",
    "http://example.com:443/h, example.com, 443, /h, example.com:443",
    "https://203.0.113.7/h, 203.0.113.7, 443, /h, 203.0.113.7",
    "https://[2001:DB8::1]:8443/h, 2001:db8::1, 8443, /h, [2001:db8::1]:8443",
    "https://bücher.example/h, xn--bcher-kva.example, 443, /h, xn--bcher-kva.example",
    "http://my_receiver:8080/, my_receiver, 8080, /, my_receiver:8080",
    "https://1password.example/, 1password.example, 443, /, 1password.example",
    "https://a.example/x@y:z/%20, a.example, 443, /x@y:z/%20, a.example",
  })
  void aUrlIsReadIntoItsParts(String url, String host, int port, String uri, String authority) {
    Target target = SendRig.target(url);

    assertThat(target.secure()).isEqualTo(!url.startsWith("http:"));
    assertThat(target.host()).isEqualTo(host);
    assertThat(target.port()).isEqualTo(port);
    assertThat(target.requestUri()).isEqualTo(uri);
    assertThat(target.authority()).isEqualTo(authority);
  }

  @ParameterizedTest
  @CsvSource({
    "'', must begin with https://",
    "example.com, must begin with https://",
    "ftp://example.com/, must begin with https://",
    "https:/example.com/, must begin with https://",
    "http://example.com/, http is not allowed here",
    "https:///path, has no host",
    "https://:443/, has no host",
    "https://user@example.com/, has a user or password",
    "https://user:pass@example.com/, has a user or password",
    "https://example.com#f, has a fragment",
    "https://example.com/#, has a fragment",
    "https://example.com\\@127.0.0.1/, has a backslash",
    "https://exa mple.com/, has a space or control character",
    "https://example.com/é, must be percent-encoded",
    "https://example.com/<script>, must be percent-encoded",
    "https://example.com:/, has a port",
    "https://example.com:0/, has a port",
    "https://example.com:65536/, has a port",
    "https://example.com:8x/, has a port",
    "https://example.com:80:80/, has a port",
    "https://example..com/, is no valid name",
    "https://example.com./, is no valid name",
    "https://-example.com/, is no valid name",
    "https://exa%6dple.com/, is no valid name",
    "https://exa*mple.com/, is no valid name",
    "https://[::1/, is no IPv6 address",
    "https://[::1]x/, is no IPv6 address",
    "https://[fe80::1%25eth0]/, is no IPv6 address",
    "https://[example.com]/, is no IPv6 address",
    "https://::1/, has no host",
  })
  void aFaultSaysWhatIsWrong(String url, String fault) {
    assertThat(Target.parse(url, false)).isInstanceOf(Parsed.Bad.class);
    assertThat(((Parsed.Bad) Target.parse(url, false)).fault()).contains(fault);
  }

  /** What the libraries of one system or another would take for an address. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2130706433",
        "127.1",
        "127.0.1",
        "0177.0.0.1",
        "127.0.0.01",
        "127.0.0.256",
        "127.0.0.1.1",
        "0x7f000001",
        "0x7f.1",
        "example.1",
        "example.0x7f",
        "１２７．１",
      })
  void aNumericHostThatIsNoPlainIpv4AddressIsRefused(String host) {
    assertThat(Target.parse("https://" + host + "/", true))
        .isEqualTo(
            new Parsed.Bad(
                "the URL has a numeric host that is no IPv4 address of four decimal parts"));
  }

  @Test
  void lookalikeDigitsAndDotsAreTheAddressTheyMean() {
    assertThat(SendRig.target("https://１２７．０．０．１/").literal()).hasValue(new byte[] {127, 0, 0, 1});
  }

  @Test
  void lengthsAreBounded() {
    assertThat(Target.parse("https://a.example/" + "x".repeat(2031), true))
        .isInstanceOf(Parsed.Bad.class);
    assertThat(Target.parse("https://a.example/" + "x".repeat(2030), true))
        .isInstanceOf(Parsed.Good.class);
    assertThat(Target.parse("https://" + "x".repeat(64) + ".example/", true))
        .isInstanceOf(Parsed.Bad.class);
    assertThat(Target.parse("https://" + "x.".repeat(130) + "example/", true))
        .isInstanceOf(Parsed.Bad.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"\r", "\n", "\t", "\0", "\u0085", "\u00a0", "\u2028"})
  void controlCharactersAndSpacesAreRefusedEverywhere(String c) {
    assertThat(Target.parse("https://a.example/" + c, true)).isInstanceOf(Parsed.Bad.class);
    assertThat(Target.parse("https://a" + c + ".example/", true)).isInstanceOf(Parsed.Bad.class);
  }

  @Test
  void theFormForLogsHasNoQuery() {
    assertThat(SendRig.target("https://a.example:8443/hook?token=secret"))
        .hasToString("https://a.example:8443/hook?…");
  }
}
