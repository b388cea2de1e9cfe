package dev.posthaste.loadtest.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The vector that the Standard Webhooks libraries test themselves with. */
final class SignatureCheckTest {
  private static final String HEAD =
      """
      POST /ok HTTP/1.1\r
      webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\r
      webhook-timestamp: 1614265330\r
      Webhook-Signature: v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\r
      \r
      """;
  private static final String BODY = "{\"test\": 2432232314}";

  private final SignatureCheck check = new SignatureCheck("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");

  @Test
  void acceptsTheVector() {
    assertThat(holds(HEAD, BODY)).isTrue();
  }

  @Test
  void refusesAnotherBodyOrNoSignature() {
    assertThat(holds(HEAD, BODY.replace('2', '3'))).isFalse();
    assertThat(holds(HEAD.replace("Signature", "Sig"), BODY)).isFalse();
  }

  private boolean holds(String head, String body) {
    byte[] bytes = (head + body).getBytes(StandardCharsets.US_ASCII);
    return check.holds(bytes, 0, head.length(), bytes.length);
  }
}
