package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The guard against a model that has the ranges as numbers, as they stand in the registries. */
class TargetGuardPropertyTest {
  private static final TargetGuard GUARD = new TargetGuard(List.of());

  private static final List<Range> DENIED_V4 =
      Stream.of(
              "00000000/8",
              "0a000000/8",
              "64400000/10",
              "7f000000/8",
              "a9fe0000/16",
              "ac100000/12",
              "c0000000/24",
              "c0000200/24",
              "c0586300/24",
              "c0a80000/16",
              "c6120000/15",
              "c6336400/24",
              "cb007100/24",
              "e0000000/4",
              "f0000000/4")
          .map(Range::of)
          .toList();

  private static final Range GLOBAL_V6 = Range.of("20000000000000000000000000000000/3");
  private static final List<Range> DENIED_V6 =
      Stream.of(
              "20010000000000000000000000000000/23",
              "20010db8000000000000000000000000/32",
              "20020000000000000000000000000000/16",
              "3fff0000000000000000000000000000/20")
          .map(Range::of)
          .toList();
  private static final Range MAPPED = Range.of("00000000000000000000ffff00000000/96");
  private static final Range NAT64 = Range.of("0064ff9b000000000000000000000000/96");

  /** First and last address, both included. */
  private record Range(BigInteger first, BigInteger last, int length) {
    /** Of hex digits and the length of the prefix. */
    static Range of(String text) {
      int slash = text.indexOf('/');
      int bits = slash * 4;
      BigInteger first = new BigInteger(text.substring(0, slash), 16);
      BigInteger size = BigInteger.TWO.pow(bits - Integer.parseInt(text.substring(slash + 1)));
      return new Range(first, first.add(size).subtract(BigInteger.ONE), bits / 8);
    }

    boolean has(BigInteger address) {
      return address.compareTo(first) >= 0 && address.compareTo(last) <= 0;
    }

    /** Its ends and what lies just outside of them. */
    Stream<byte[]> edges() {
      return Stream.of(first.subtract(BigInteger.ONE), first, last, last.add(BigInteger.ONE))
          .map(address -> TargetGuardPropertyTest.bytes(address, length));
    }
  }

  private static byte[] bytes(BigInteger address, int length) {
    BigInteger wrapped = address.mod(BigInteger.TWO.pow(8 * length));
    String hex = wrapped.toString(16);
    return HexFormat.of().parseHex("0".repeat(2 * length - hex.length()) + hex);
  }

  private static boolean isGood(byte[] address) {
    BigInteger number = new BigInteger(1, address);
    if (address.length == 4) {
      return DENIED_V4.stream().noneMatch(range -> range.has(number));
    }
    if (MAPPED.has(number) || NAT64.has(number)) {
      return isGood(bytes(number, 4));
    }
    return GLOBAL_V6.has(number) && DENIED_V6.stream().noneMatch(range -> range.has(number));
  }

  @Provide
  Arbitrary<byte[]> ipv4() {
    return Arbitraries.oneOf(
        random(4), Arbitraries.of(DENIED_V4.stream().flatMap(Range::edges).toList()));
  }

  @Provide
  Arbitrary<byte[]> ipv6() {
    List<byte[]> edges =
        Stream.concat(DENIED_V6.stream(), Stream.of(GLOBAL_V6, MAPPED, NAT64))
            .flatMap(Range::edges)
            .toList();
    Arbitrary<byte[]> wrapped =
        Combinators.combine(Arbitraries.of(MAPPED, NAT64), ipv4())
            .as((range, inside) -> bytes(range.first.add(new BigInteger(1, inside)), 16));
    Arbitrary<byte[]> global =
        random(16)
            .map(
                address -> {
                  byte[] copy = address.clone();
                  copy[0] = (byte) (0x20 | (copy[0] & 0x1f));
                  return copy;
                });
    return Arbitraries.oneOf(random(16), global, wrapped, Arbitraries.of(edges));
  }

  private static Arbitrary<byte[]> random(int length) {
    return Arbitraries.bytes().array(byte[].class).ofSize(length);
  }

  @Property(tries = 2_000)
  void anIpv4AddressIsJudgedAsTheModelDoes(@ForAll("ipv4") byte[] address) {
    assertThat(GUARD.admits(address)).isEqualTo(isGood(address));
  }

  @Property(tries = 2_000)
  void anIpv6AddressIsJudgedAsTheModelDoes(@ForAll("ipv6") byte[] address) {
    assertThat(GUARD.admits(address)).isEqualTo(isGood(address));
  }

  @Property
  void whatTheOperatorAllowsIsAddedAndNothingElse(
      @ForAll("ipv4") byte[] address, @ForAll("ipv4") byte[] allowed) {
    TargetGuard guard = new TargetGuard(List.of(Cidr.parse(decimal(allowed))));
    byte[] mapped = bytes(MAPPED.first.add(new BigInteger(1, address)), 16);
    boolean same = java.util.Arrays.equals(address, allowed);
    assertThat(guard.admits(address)).isEqualTo(same || isGood(address));
    assertThat(guard.admits(mapped)).isEqualTo(same || isGood(address));
  }

  @Property
  void anIpv4AddressInAUrlIsReadOnlyInItsOneForm(@ForAll("ipv4") byte[] address) {
    assertThat(literal(decimal(address))).containsExactly(address);
    long number = new BigInteger(1, address).longValue();
    Stream.of(
            Long.toString(number),
            "0x" + Long.toHexString(number),
            decimal(address) + ".",
            parts(address).map(part -> "0" + part).collect(Collectors.joining(".")),
            parts(address).map(part -> "0x" + Integer.toHexString(part)).collect(dotted()),
            (address[0] & 0xff) + "." + (number & 0xffffff))
        .forEach(other -> assertThat(isRefused(other)).as(other).isTrue());
  }

  @Property
  void anIpv6AddressInAUrlIsReadInEveryFormOfIt(
      @ForAll("ipv6") byte[] address, @ForAll boolean upper) {
    Stream.of(groups(address, "%x"), groups(address, "%04x"), shortened(address))
        .map(text -> upper ? text.toUpperCase(Locale.ROOT) : text)
        .forEach(text -> assertRead(literal("[" + text + "]"), address, text));
  }

  @Property
  void withItsLastBytesInTheFormOfIpv4ItIsReadSoOrRefused(@ForAll("ipv6") byte[] address) {
    String text = "[" + quad(address) + "]";
    if (!isRefused(text)) {
      assertRead(literal(text), address, text);
    }
    assertThat(isRefused("[::" + decimal(tail(address)) + "]")).isTrue();
    byte[] mapped = bytes(MAPPED.first.add(new BigInteger(1, tail(address))), 16);
    String mappedText = "[::ffff:" + decimal(tail(address)) + "]";
    assertRead(literal(mappedText), mapped, mappedText);
  }

  private static void assertRead(byte[] read, byte[] address, String text) {
    assertThat(GUARD.admits(read)).as(text).isEqualTo(isGood(address));
    assertThat(new BigInteger(1, read))
        .as(text)
        .isEqualTo(new BigInteger(1, read.length == 4 ? tail(address) : address));
  }

  private static byte[] literal(String host) {
    return switch (Target.parse("https://" + host + "/x", false)) {
      case Target.Parsed.Good good -> good.target().literal().orElseThrow();
      case Target.Parsed.Bad bad -> throw new AssertionError(host + ": " + bad.fault());
    };
  }

  private static boolean isRefused(String host) {
    return Target.parse("https://" + host + "/x", false) instanceof Target.Parsed.Bad;
  }

  private static Stream<Integer> parts(byte[] address) {
    return IntStream.range(0, address.length).mapToObj(i -> address[i] & 0xff);
  }

  private static java.util.stream.Collector<CharSequence, ?, String> dotted() {
    return Collectors.joining(".");
  }

  private static String decimal(byte[] address) {
    return parts(address).map(String::valueOf).collect(dotted());
  }

  private static byte[] tail(byte[] address) {
    return java.util.Arrays.copyOfRange(address, 12, 16);
  }

  private static String groups(byte[] address, String form) {
    return IntStream.range(0, address.length / 2)
        .mapToObj(i -> (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff))
        .map(group -> form.formatted(group))
        .collect(Collectors.joining(":"));
  }

  /** With {@code ::} for its first zeros. */
  private static String shortened(byte[] address) {
    return groups(address, "%x").replaceFirst("(^|:)(0(:|$)){2,}", "::");
  }

  /** With its last four bytes in the form of IPv4. */
  private static String quad(byte[] address) {
    return groups(java.util.Arrays.copyOf(address, 12), "%x") + ":" + decimal(tail(address));
  }
}
