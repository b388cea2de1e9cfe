package dev.posthaste.contract;

import static dev.posthaste.contract.Samples.FIRST_SECRET;
import static dev.posthaste.contract.Samples.SECOND_SECRET;
import static dev.posthaste.contract.Samples.TENANT;
import static dev.posthaste.contract.Samples.contract;
import static dev.posthaste.contract.Samples.current;
import static dev.posthaste.contract.Samples.endpoint;
import static dev.posthaste.contract.Samples.names;
import static dev.posthaste.contract.Samples.until;
import static dev.posthaste.contract.Samples.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.PublicId;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SignerTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_774_132_000L);
  private static final Event EVENT = Samples.event("vault.ingest.completed", "{\"a\":1}");

  @Test
  void signatures_of_all_valid_secrets_stand_in_one_line() {
    Endpoint rotating = endpoint(current(FIRST_SECRET), until(SECOND_SECRET, NOW.plusSeconds(1)));

    for (String name : List.of("standard", "casedev")) {
      String prefix = name.equals("standard") ? "webhook-" : "case-webhook-";
      String line = value(headers(contract(name), rotating), prefix + "signature");

      assertThat(line.split(" "))
          .containsExactly(
              value(headers(contract(name), endpoint(current(FIRST_SECRET))), prefix + "signature"),
              value(
                  headers(contract(name), endpoint(current(SECOND_SECRET))), prefix + "signature"));
    }
  }

  @Test
  void a_secret_that_has_ended_does_not_sign() {
    Endpoint rotated = endpoint(current(FIRST_SECRET), until(SECOND_SECRET, NOW));

    assertThat(value(headers(contract("standard"), rotated), "webhook-signature"))
        .startsWith("v1,")
        .doesNotContain(" ");
  }

  @Test
  void a_rotation_from_hmac_to_ed25519_sends_both_kinds() {
    Endpoint rotating =
        endpoint(current(Samples.ED25519_SECRET), until(FIRST_SECRET, NOW.plusSeconds(60)));

    assertThat(value(headers(contract("standard"), rotating), "webhook-signature"))
        .matches("v1a,[A-Za-z0-9+/]{86}== v1,[A-Za-z0-9+/]{43}=");
  }

  @Test
  void agentpost_signs_with_the_current_secret_only() {
    Endpoint rotating = endpoint(current(FIRST_SECRET), until(SECOND_SECRET, NOW.plusSeconds(60)));

    assertThat(headers(contract("agentpost"), rotating))
        .isEqualTo(headers(contract("agentpost"), endpoint(current(FIRST_SECRET))));
  }

  @Test
  void agentpost_signs_time_and_body_in_hex_with_the_whole_secret_as_key()
      throws GeneralSecurityException {
    Message message = prepare(contract("agentpost"), endpoint(current(FIRST_SECRET)));

    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(FIRST_SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    byte[] expected =
        mac.doFinal(("1774132000." + message.body().text()).getBytes(StandardCharsets.UTF_8));
    assertThat(value(message.headers(), "x-agentpost-timestamp")).isEqualTo("1774132000");
    assertThat(value(message.headers(), "x-agentpost-signature"))
        .isEqualTo(HexFormat.of().formatHex(expected));
  }

  @Test
  void standard_shows_the_event_id_and_the_time_of_the_attempt() {
    List<Header> headers = headers(contract("standard"), endpoint(current(FIRST_SECRET)));

    assertThat(names(headers))
        .containsExactly(
            "content-type", "user-agent", "webhook-id", "webhook-timestamp", "webhook-signature");
    assertThat(value(headers, "content-type")).isEqualTo("application/json");
    assertThat(value(headers, "user-agent")).startsWith("Posthaste/");
    assertThat(value(headers, "webhook-id")).isEqualTo(PublicId.EVENT.format(EVENT.id()));
    assertThat(value(headers, "webhook-timestamp")).isEqualTo("1774132000");
  }

  @ParameterizedTest
  @EnumSource(Trigger.class)
  void casedev_shows_the_same_delivery_id_on_every_attempt(Trigger trigger) {
    Contract casedev = contract("casedev");
    Message message = casedev.prepare(EVENT, TENANT, endpoint(current(FIRST_SECRET)), trigger, NOW);

    assertThat(value(message.headers(), "case-webhook-id"))
        .isEqualTo(new DeliveryId(EVENT.id(), Samples.ENDPOINT_ID).toString());
  }

  @ParameterizedTest
  @EnumSource(Trigger.class)
  void only_casedev_marks_replays_and_only_replays(Trigger trigger) {
    for (String name : List.of("standard", "casedev", "agentpost", "offload")) {
      Message message =
          contract(name).prepare(EVENT, TENANT, endpoint(current(FIRST_SECRET)), trigger, NOW);
      boolean marked = message.headers().contains(new Header("case-webhook-replay", "true"));

      assertThat(marked).isEqualTo(name.equals("casedev") && trigger == Trigger.REPLAY);
    }
  }

  @Test
  void offload_sends_no_header_of_its_own() {
    assertThat(names(headers(contract("offload"), endpoint())))
        .containsExactly("content-type", "user-agent");
  }

  @Test
  void headers_of_the_endpoint_follow_and_cannot_replace_those_of_the_contract() {
    Map<String, String> custom = new LinkedHashMap<>();
    custom.put("X-Team", "blue");
    custom.put("Webhook-Id", "forged");
    custom.put("User-Agent", "forged");
    Endpoint endpoint = endpoint(custom, current(FIRST_SECRET));

    List<Header> headers = headers(contract("standard"), endpoint);

    assertThat(headers).last().isEqualTo(new Header("X-Team", "blue"));
    assertThat(headers).extracting(Header::value).doesNotContain("forged");
    assertThat(contract("casedev").owns("Case-Webhook-Replay")).isTrue();
    assertThat(contract("casedev").owns("webhook-id")).isFalse();
  }

  @Test
  void threads_can_share_a_signer() {
    Contract standard = contract("standard");
    Signer signer =
        standard.signerFor(
            endpoint(current(FIRST_SECRET), until(Samples.ED25519_SECRET, Instant.MAX)));
    var body = standard.body(EVENT, TENANT);
    List<Header> expected = signer.headers(EVENT, body, Trigger.LIVE, NOW);

    assertThat(IntStream.range(0, 500).parallel())
        .allSatisfy(
            i -> assertThat(signer.headers(EVENT, body, Trigger.LIVE, NOW)).isEqualTo(expected));
  }

  private static List<Header> headers(Contract contract, Endpoint endpoint) {
    return prepare(contract, endpoint).headers();
  }

  private static Message prepare(Contract contract, Endpoint endpoint) {
    return contract.prepare(EVENT, TENANT, endpoint, Trigger.LIVE, NOW);
  }
}
