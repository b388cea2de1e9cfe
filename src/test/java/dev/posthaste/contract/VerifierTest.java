package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthaste.event.Payload;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerifierTest {
  private static final Verifier STANDARD =
      new Verifier(ContractReader.read(Optional.empty()).named("standard").orElseThrow());
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String TIMESTAMP = "1614265330";
  private static final Payload BODY = Payload.of("{\"test\": 2432232314}");
  private static final String HMAC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String PAIR =
      "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
  private static final String PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
  private static final String SIGNED =
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";
  private static final String GOOD = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  @Test
  void theOfficialVectorIsAcceptedAlsoAmongOthers() {
    assertThat(STANDARD.accepts(HMAC, ID, TIMESTAMP, BODY, GOOD)).isTrue();
    assertThat(STANDARD.accepts(HMAC, ID, TIMESTAMP, BODY, "v1,AAAA " + GOOD)).isTrue();
  }

  @Test
  void thePublicKeyIsEnoughForEd25519() {
    String key = VerificationKey.of(PAIR).orElseThrow();
    assertThat(key).isEqualTo(PUBLIC);
    assertThat(STANDARD.accepts(key, ID, TIMESTAMP, BODY, SIGNED)).isTrue();
    assertThat(STANDARD.accepts(key, ID, TIMESTAMP, BODY, GOOD + " " + SIGNED)).isTrue();
    assertThat(STANDARD.accepts(PAIR, ID, TIMESTAMP, BODY, SIGNED)).isTrue();
    assertThat(STANDARD.accepts(key, ID, TIMESTAMP, Payload.of("{}"), SIGNED)).isFalse();
    assertThat(STANDARD.accepts(key, ID, TIMESTAMP, BODY, GOOD + " v1a,AAAA v1a,?")).isFalse();
    assertThat(VerificationKey.of(HMAC)).isEmpty();
    assertThatThrownBy(() -> STANDARD.accepts("whpk_AAAA", ID, TIMESTAMP, BODY, SIGNED))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anythingElseIsNot() {
    assertThat(STANDARD.accepts(HMAC, "msg_other", TIMESTAMP, BODY, GOOD)).isFalse();
    assertThat(STANDARD.accepts(HMAC, ID, "1614265331", BODY, GOOD)).isFalse();
    assertThat(STANDARD.accepts(HMAC, ID, TIMESTAMP, Payload.of("{}"), GOOD)).isFalse();
    assertThat(STANDARD.accepts(HMAC, ID, TIMESTAMP, BODY, "v1,AAAA")).isFalse();
    assertThatThrownBy(() -> STANDARD.accepts("hunter2", ID, TIMESTAMP, BODY, GOOD))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("hunter2");
  }
}
