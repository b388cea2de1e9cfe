package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The published vectors of Standard Webhooks, and secrets that cannot be used. */
class SignatureSchemeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw|msg_p5jXN8AQM9LWM0D4loKWxJek|1614265330"
            + "|{\"test\": 2432232314}|v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD|msg_27UH4WbU6Z5A5EzD8u03UvzRbpk|1649367553"
            + "|{\"email\":\"test@example.com\",\"username\":\"test_user\"}"
            + "|v1,tZ1I4/hDygAJgO5TYxiSd6Sd0kDW6hPenDe+bTa3Kkw=",
        "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
            + "|msg_p5jXN8AQM9LWM0D4loKWxJek|1614265330|{\"test\": 2432232314}"
            + "|v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg=="
      })
  void signs_as_the_published_vectors_do(
      String secret, String id, String timestamp, String body, String signature) {
    SignatureScheme scheme = SignatureScheme.STANDARD;
    byte[] head = scheme.head(id, timestamp);

    assertThat(scheme.signature(scheme.keyOf(secret), head, body.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(signature);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "hello", "whsec_", "whsec_***secret***", "whsk_", "whsk_MfKQ9r8GKYqrTwjU"})
  void refuses_secrets_it_cannot_use_without_repeating_them(String secret) {
    assertThat(Samples.contract("standard").faultOf(secret))
        .hasValueSatisfying(
            fault -> assertThat(fault).doesNotContain("***").doesNotContain("MfKQ"));
  }

  @Test
  void a_short_secret_is_refused_when_new_but_goes_on_signing_when_in_use() {
    String shortSecret = "whsec_c2hvcnQ=";

    assertThat(Samples.contract("standard").faultOf(shortSecret)).isPresent();
    assertThat(Samples.contract("agentpost").faultOf("whsec_short")).isPresent();
    assertThat(
            Samples.contract("standard").signerFor(Samples.endpoint(Samples.current(shortSecret))))
        .isNotNull();
  }

  @Test
  void takes_secrets_of_either_kind() {
    assertThat(Samples.contract("standard").faultOf(Samples.FIRST_SECRET)).isEmpty();
    assertThat(Samples.contract("standard").faultOf(Samples.ED25519_SECRET)).isEmpty();
    assertThat(Samples.contract("casedev").faultOf(Samples.ED25519_SECRET)).isEmpty();
  }

  @Test
  void refuses_a_private_key_where_the_secret_itself_is_the_key() {
    assertThat(Samples.contract("agentpost").faultOf(Samples.FIRST_SECRET)).isEmpty();
    assertThat(Samples.contract("agentpost").faultOf(Samples.ED25519_SECRET)).isPresent();
  }

  @Test
  void a_contract_that_does_not_sign_takes_any_secret_and_none() {
    assertThat(Samples.contract("offload").faultOf("anything")).isEmpty();
    assertThat(Samples.contract("offload").signerFor(Samples.endpoint())).isNotNull();
  }

  @Test
  void a_contract_that_signs_refuses_an_endpoint_without_a_secret() {
    assertThatThrownBy(() -> Samples.contract("standard").signerFor(Samples.endpoint()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no secret");
  }
}
