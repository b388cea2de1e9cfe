package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Any body signed with any secret verifies, and nothing but that. */
class SignaturePropertyTest {
  private static final Event EVENT = Samples.event("order.paid", "{}");

  @Provide
  Arbitrary<Contract> signing() {
    return Arbitraries.of("standard", "casedev", "agentpost").map(Samples::contract);
  }

  @Provide
  Arbitrary<String> secrets() {
    return Arbitraries.bytes()
        .array(byte[].class)
        .ofMinSize(24)
        .ofMaxSize(64)
        .map(bytes -> "whsec_" + Base64.getEncoder().encodeToString(bytes));
  }

  @Property
  void whatWasSignedVerifiesWithItsSecret(
      @ForAll("signing") Contract contract,
      @ForAll("secrets") String secret,
      @ForAll byte[] body,
      @ForAll @LongRange(min = 0, max = 4_000_000_000L) long second) {
    assertThat(contract.faultOf(secret)).isEmpty();
    Signed signed = Signed.of(contract, secret, body, second);
    assertThat(signed.verifies(secret, body)).isTrue();
  }

  @Property
  void oneChangedBitOfTheBodyDoesNotVerify(
      @ForAll("signing") Contract contract,
      @ForAll("secrets") String secret,
      @ForAll @Size(min = 1) byte[] body,
      @ForAll @IntRange(max = 1_000_000) int place) {
    Signed signed = Signed.of(contract, secret, body, 1);
    byte[] changed = body.clone();
    changed[place / 8 % body.length] ^= (byte) (1 << place % 8);
    assertThat(signed.verifies(secret, changed)).isFalse();
  }

  @Property
  void anotherSecretOrTimeDoesNotVerify(
      @ForAll("signing") Contract contract,
      @ForAll("secrets") String secret,
      @ForAll("secrets") String other,
      @ForAll byte[] body) {
    Signed signed = Signed.of(contract, secret, body, 1);
    assertThat(signed.verifies(other, body)).isEqualTo(secret.equals(other));
    assertThat(signed.at("2").verifies(secret, body)).isFalse();
  }

  @Property(tries = 100)
  void duringARotationEachSecretVerifiesWhereTheContractSaysSo(
      @ForAll("signing") Contract contract,
      @ForAll("secrets") String current,
      @ForAll("secrets") String before,
      @ForAll byte[] body) {
    Instant now = Instant.ofEpochSecond(1_000);
    var endpoint =
        Samples.endpoint(Samples.current(current), Samples.until(before, now.plusSeconds(60)));
    Signed signed =
        Signed.of(
            contract,
            contract
                .signerFor(endpoint)
                .headers(EVENT, Payload.of(body), Attempt.Trigger.LIVE, now));
    assertThat(signed.verifies(current, body)).isTrue();
    boolean all = contract.signatures().getFirst().allSecrets();
    assertThat(signed.verifies(before, body)).isEqualTo(all || before.equals(current));
  }

  /** The headers of a message as a receiver looks at them. */
  private record Signed(Contract contract, String id, String timestamp, String signatures) {
    static Signed of(Contract contract, String secret, byte[] body, long second) {
      return of(
          contract,
          contract
              .signerFor(Samples.endpoint(Samples.current(secret)))
              .headers(
                  EVENT, Payload.of(body), Attempt.Trigger.LIVE, Instant.ofEpochSecond(second)));
    }

    static Signed of(Contract contract, List<Header> headers) {
      SignatureScheme.Names names = contract.signatures().getFirst().names();
      return new Signed(
          contract,
          value(headers, names.id()),
          value(headers, names.timestamp()),
          Samples.value(headers, names.signature()));
    }

    private static String value(List<Header> headers, Optional<String> name) {
      return name.map(known -> Samples.value(headers, known)).orElse("");
    }

    Signed at(String otherTimestamp) {
      return new Signed(contract, id, otherTimestamp, signatures);
    }

    boolean verifies(String secret, byte[] body) {
      return new Verifier(contract).accepts(secret, id, timestamp, Payload.of(body), signatures);
    }
  }
}
