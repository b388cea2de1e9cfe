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
  private static final String GOOD = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  @Test
  void theOfficialVectorIsAcceptedAlsoAmongOthers() {
    assertThat(STANDARD.accepts(HMAC, ID, TIMESTAMP, BODY, GOOD)).isTrue();
    assertThat(STANDARD.accepts(HMAC, ID, TIMESTAMP, BODY, "v1,AAAA " + GOOD)).isTrue();
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
