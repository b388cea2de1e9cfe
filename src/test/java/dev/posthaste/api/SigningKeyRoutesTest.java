package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.contract.ContractReader;
import dev.posthaste.contract.Verifier;
import dev.posthaste.event.Payload;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Received;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** From HMAC to ed25519 and back, as a receiver sees it. */
class SigningKeyRoutesTest extends WithApiServer {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";
  private static final String PAIR =
      "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
  private static final String PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";

  private final RecordingReceiver receiver = new RecordingReceiver();
  private HttpCall acme;

  @BeforeAll
  void makeKey() throws Exception {
    acme = server.as(server.key(server.acme, ENDPOINTS_READ, ENDPOINTS_WRITE));
  }

  @AfterAll
  void stopReceiver() {
    receiver.close();
  }

  private HttpCall.Answer create(String path, JsonObject more) throws Exception {
    JsonObject body =
        new JsonObject()
            .put("url", receiver.url(path))
            .put("eventTypeFilters", new JsonArray().add("*"))
            .mergeIn(more);
    return acme.post(ENDPOINTS, body.encode());
  }

  private static String at(JsonObject created, String route) {
    return ENDPOINTS + "/" + created.getJsonObject("endpoint").getString("id") + route;
  }

  private JsonObject rotate(JsonObject created, String body) throws Exception {
    return acme.post(at(created, "/rotate_secret"), body).ok(200).json();
  }

  private List<String> publicKeys(JsonObject created) throws Exception {
    return acme.get(at(created, "/public_keys")).ok(200).list("publicKeys").stream()
        .map(key -> ((JsonObject) key).getString("key"))
        .toList();
  }

  private Received sent(JsonObject created, String path) throws Exception {
    acme.post(at(created, "/test"), "{}").ok(200);
    return receiver.received(path).getLast();
  }

  private static List<String> kinds(Received message) {
    return List.of(message.headers().get("webhook-signature").split(" ")).stream()
        .map(text -> text.substring(0, text.indexOf(',')))
        .toList();
  }

  private static boolean verifies(String key, Received message) {
    return new Verifier(ContractReader.read(Optional.empty()).named("standard").orElseThrow())
        .accepts(
            key,
            message.headers().get("webhook-id"),
            message.headers().get("webhook-timestamp"),
            Payload.of(message.body()),
            message.headers().get("webhook-signature"));
  }

  @Test
  void bothKindsSignDuringTheMigrationAndThePublicKeyVerifies() throws Exception {
    JsonObject created = create("/moves", new JsonObject()).ok(201).json();
    assertThat(publicKeys(created)).isEmpty();
    JsonObject rotated = rotate(created, "{\"signingAlgorithm\": \"ed25519\"}");
    assertThat(rotated.getString("signingSecret")).startsWith("whsk_");
    Received both = sent(created, "/moves");
    assertThat(kinds(both)).containsExactly("v1a", "v1");
    String key = publicKeys(created).getFirst();
    assertThat(key).startsWith("whpk_");
    assertThat(verifies(key, both)).isTrue();
    assertThat(verifies(created.getString("signingSecret"), both)).isTrue();
    assertThat(verifies(PUBLIC, both)).isFalse();
    JsonObject back =
        rotate(
            created, "{\"signingAlgorithm\": \"hmac-sha256\", \"previousSecretExpiresInSec\": 0}");
    assertThat(back.getString("signingSecret")).startsWith("whsec_");
    assertThat(kinds(sent(created, "/moves"))).containsExactly("v1");
    assertThat(publicKeys(created)).isEmpty();
  }

  @Test
  void anEndpointBeginsWithEd25519IfItAsksForIt() throws Exception {
    JsonObject created =
        create("/begins", new JsonObject().put("signingAlgorithm", "ed25519")).ok(201).json();
    assertThat(created.getString("signingSecret")).startsWith("whsk_");
    Received message = sent(created, "/begins");
    assertThat(kinds(message)).containsExactly("v1a");
    assertThat(verifies(publicKeys(created).getFirst(), message)).isTrue();
    assertThat(verifies(created.getString("signingSecret"), message)).isTrue();
  }

  @Test
  void aSecretMayBeBroughtAtARotationToo() throws Exception {
    JsonObject created = create("/brought", new JsonObject()).ok(201).json();
    rotate(created, new JsonObject().put("secret", PAIR).encode());
    JsonObject key =
        acme.get(at(created, "/public_keys")).ok(200).list("publicKeys").getJsonObject(0);
    assertThat(key.getString("key")).isEqualTo(PUBLIC);
    assertThat(key.getString("algorithm")).isEqualTo("ed25519");
    assertThat(key.getString("id")).startsWith("sgk_");
    assertThat(key.getString("createdAt")).endsWith("Z");
    assertThat(key.getValue("validUntil")).isNull();
    assertThat(key.encode()).doesNotContain("whsk_");
    rotate(created, "{}");
    assertThat(publicKeys(created)).hasSize(2);
    assertThat(
            acme.get(at(created, "/public_keys"))
                .list("publicKeys")
                .getJsonObject(1)
                .getString("validUntil"))
        .endsWith("Z");
  }

  @Test
  void whatDoesNotFitTogetherIsRefused() throws Exception {
    JsonObject both = new JsonObject().put("secret", PAIR).put("signingAlgorithm", "hmac-sha256");
    assertThat(create("/no", both).fault("/signingAlgorithm")).contains("whsk_");
    assertThat(
            create("/no", new JsonObject().put("signingAlgorithm", "rsa"))
                .fault("/signingAlgorithm"))
        .isNotBlank();
    String mixed = PAIR.replace("fVKIDij2", "fVKIDij3");
    assertThat(create("/no", new JsonObject().put("secret", mixed)).fault("/secret"))
        .contains("belongs")
        .doesNotContain(mixed);
    JsonObject foreign =
        new JsonObject().put("contract", "agentpost").put("signingAlgorithm", "ed25519");
    assertThat(create("/no", foreign).fault("/signingAlgorithm")).contains("agentpost");
    JsonObject created =
        create("/stays", new JsonObject().put("signingAlgorithm", "ed25519")).ok(201).json();
    assertThat(acme.patch(at(created, ""), "{\"contract\": \"agentpost\"}").fault("/contract"))
        .contains("whsec_");
    acme.get(ENDPOINTS + "/nobody/public_keys").problem(404);
    server
        .as(server.key(server.other, ENDPOINTS_READ))
        .get(at(created, "/public_keys"))
        .problem(404);
    server
        .as(server.key(server.acme, ENDPOINTS_WRITE))
        .get(at(created, "/public_keys"))
        .problem(403);
  }
}
