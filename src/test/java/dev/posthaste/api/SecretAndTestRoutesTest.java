package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.PublicId;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SecretAndTestRoutesTest extends WithApiServer {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";

  private final RecordingReceiver receiver = new RecordingReceiver();
  private HttpCall acme;
  private HttpCall other;

  @BeforeAll
  void makeKeys() throws Exception {
    acme = server.as(server.key(server.acme, ENDPOINTS_READ, ENDPOINTS_WRITE));
    other = server.as(server.key(server.other, ENDPOINTS_READ, ENDPOINTS_WRITE));
  }

  @AfterAll
  void stopReceiver() {
    receiver.close();
  }

  /** A new endpoint at the path; the answer has its secret. */
  private JsonObject create(String path) throws Exception {
    JsonObject body =
        new JsonObject()
            .put("url", receiver.url(path))
            .put("eventTypeFilters", new JsonArray().add("*"));
    return acme.post(ENDPOINTS, body.encode()).ok(201).json();
  }

  private static String at(JsonObject created, String route) {
    return ENDPOINTS + "/" + created.getJsonObject("endpoint").getString("id") + route;
  }

  private JsonObject sendTest(JsonObject created, String body) throws Exception {
    return acme.post(at(created, "/test"), body).ok(200).json();
  }

  /** What a receiver computes, by the Standard Webhooks specification. */
  private static String signature(String secret, Received message) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    byte[] key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    String signed =
        message.headers().get("webhook-id")
            + "."
            + message.headers().get("webhook-timestamp")
            + "."
            + message.body();
    byte[] code = mac.doFinal(signed.getBytes(StandardCharsets.UTF_8));
    return "v1," + Base64.getEncoder().encodeToString(code);
  }

  private static List<String> signatures(Received message) {
    return List.of(message.headers().get("webhook-signature").split(" "));
  }

  @Test
  void aTestIsOneSignedMessageAndTellsWhatCameBack() throws Exception {
    JsonObject created = create("/hello");
    JsonObject result =
        sendTest(created, "{\"eventType\": \"vault.done\", \"payload\": {\"b\": 1, \"a\": [2]}}");
    assertThat(result.getBoolean("delivered")).isTrue();
    assertThat(result.getInteger("status")).isEqualTo(200);
    assertThat(result.getString("response")).isEqualTo("answer");
    assertThat(result.getValue("error")).isNull();
    assertThat(result.getDouble("latencyMs")).isPositive();
    assertThat(receiver.received("/hello")).hasSize(1);
    Received message = receiver.received("/hello").getFirst();
    JsonObject body = new JsonObject(message.body());
    assertThat(body.getString("type")).isEqualTo("vault.done");
    assertThat(message.body()).contains("\"data\":{\"b\":1,\"a\":[2]}");
    assertThat(signatures(message))
        .containsExactly(signature(created.getString("signingSecret"), message));
  }

  @Test
  void aTestWithoutABodySendsATestAndOneWithoutPayloadTheExampleOfTheCatalog() throws Exception {
    JsonObject created = create("/plain");
    assertThat(
            acme.send("POST", at(created, "/test"), null, null)
                .ok(200)
                .json()
                .getBoolean("delivered"))
        .isTrue();
    sendTest(created, "{\"eventType\": \"vault.failed\"}");
    assertThat(receiver.received("/plain").getFirst().body()).contains("\"type\":\"webhook.test\"");
    assertThat(receiver.received("/plain").getLast().body())
        .contains("\"data\":{\"vaultId\":\"v1\"}");
  }

  @Test
  void aTestOfAnEndpointThatFailsIsAnsweredWithWhatWasWrong() throws Exception {
    receiver.answer("/broken", Answer.of(503));
    JsonObject refused = sendTest(create("/broken"), "{}");
    assertThat(refused.getBoolean("delivered")).isFalse();
    assertThat(refused.getInteger("status")).isEqualTo(503);
    assertThat(refused.getString("error")).isEqualTo("http_error");
    JsonObject created = create("/nobody");
    long id = number(created);
    server.sql("UPDATE endpoint SET url = 'http://127.0.0.1:1/x' WHERE id = " + id);
    JsonObject unreachable = sendTest(created, "{}");
    assertThat(unreachable.getString("error")).isEqualTo("connect_error");
    assertThat(unreachable.getValue("status")).isNull();
    server.sql("UPDATE endpoint SET url = 'http://10.0.0.1/x' WHERE id = " + id);
    assertThat(sendTest(created, "{}").getString("error")).isEqualTo("target_not_allowed");
  }

  @Test
  void aTestOfATypeThatTheCatalogDoesNotHaveIsRefused() throws Exception {
    assertThat(
            acme.post(at(create("/typo"), "/test"), "{\"eventType\": \"vault.dnoe\"}")
                .fault("/eventType"))
        .contains("catalog");
  }

  @Test
  void bothSecretsSignAfterARotationUntilTheOldOneEnds() throws Exception {
    JsonObject created = create("/rotated");
    JsonObject rotated =
        acme.send("POST", at(created, "/rotate_secret"), null, null).ok(200).json();
    String before = created.getString("signingSecret");
    String now = rotated.getString("signingSecret");
    assertThat(now).startsWith("whsec_").isNotEqualTo(before);
    assertThat(rotated.getString("previousSecretExpiresAt")).endsWith("Z");
    assertThat(rotated.getJsonObject("endpoint").encode()).doesNotContain("whsec_");
    sendTest(created, "{}");
    Received both = receiver.received("/rotated").getLast();
    assertThat(signatures(both)).containsExactly(signature(now, both), signature(before, both));
    String last =
        acme.post(at(created, "/rotate_secret"), "{\"previousSecretExpiresInSec\": 0}")
            .ok(200)
            .json()
            .getString("signingSecret");
    sendTest(created, "{}");
    Received one = receiver.received("/rotated").getLast();
    assertThat(signatures(one)).containsExactly(signature(last, one));
  }

  @Test
  void howeverOftenItIsRotatedFewSecretsSign() throws Exception {
    JsonObject created = create("/often");
    for (int i = 0; i < 8; i++) {
      acme.post(at(created, "/rotate_secret"), "{}").ok(200);
    }
    sendTest(created, "{}");
    assertThat(signatures(receiver.received("/often").getLast())).hasSize(4);
  }

  @Test
  void anEd25519SecretIsFollowedByAnother() throws Exception {
    JsonObject body =
        new JsonObject()
            .put("url", receiver.url("/ed"))
            .put("eventTypeFilters", new JsonArray().add("*"))
            .put(
                "secret",
                "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==");
    JsonObject created = acme.post(ENDPOINTS, body.encode()).ok(201).json();
    assertThat(
            acme.post(at(created, "/rotate_secret"), "{}")
                .ok(200)
                .json()
                .getString("signingSecret"))
        .startsWith("whsk_");
    sendTest(created, "{}");
    assertThat(signatures(receiver.received("/ed").getLast()))
        .hasSize(2)
        .allMatch(text -> text.startsWith("v1a,"));
  }

  @Test
  void aRepeatOfATestGetsTheFirstAnswerAndSendsNothing() throws Exception {
    JsonObject created = create("/once");
    HttpCall.Answer first = named(created, "once", "{}").ok(200);
    assertThat(first.header("idempotent-replayed")).isNull();
    HttpCall.Answer again = named(created, "once", "{}").ok(200);
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.header("idempotent-replayed")).isEqualTo("true");
    named(created, "once", "{\"payload\": 1}").fault("/header/Idempotency-Key");
    assertThat(receiver.received("/once")).hasSize(1);
    named(created, "twice", "{}").ok(200);
    assertThat(receiver.received("/once")).hasSize(2);
  }

  @Test
  void whileATestIsUnderWayItsRepeatIsToldToComeAgain() throws Exception {
    JsonObject created = create("/slow");
    receiver.answer(
        "/slow",
        request -> {
          assertThat(repeat(created).problem(409).getString("code")).isEqualTo("under_way");
          return Answer.of(200);
        });
    assertThat(named(created, "slow", "{}").ok(200).json().getBoolean("delivered")).isTrue();
    assertThat(repeat(created).ok(200).header("idempotent-replayed")).isEqualTo("true");
  }

  private HttpCall.Answer repeat(JsonObject created) {
    try {
      return named(created, "slow", "{}");
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aTestThatCannotBeMadeIsNotRemembered() throws Exception {
    JsonObject created = create("/gone");
    named(created, "fixed", "{\"eventType\": \"vault.dnoe\"}").problem(422);
    named(created, "fixed", "{}").ok(200);
  }

  private HttpCall.Answer named(JsonObject created, String name, String body) throws Exception {
    return acme.send(
        acme.request(at(created, "/test"))
            .header("content-type", "application/json")
            .header("idempotency-key", name)
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
  }

  @Test
  void whatIsAnotherTenantsIsNotThere() throws Exception {
    JsonObject created = create("/mine");
    other.post(at(created, "/rotate_secret"), "{}").problem(404);
    other.post(at(created, "/test"), "{}").problem(404);
    assertThat(receiver.received("/mine")).isEmpty();
    assertThat(
            acme.post(at(created, "/rotate_secret"), "{\"previousSecretExpiresInSec\": 2592001}")
                .fault("/previousSecretExpiresInSec"))
        .isNotBlank();
  }

  private static long number(JsonObject created) {
    return PublicId.ENDPOINT.parse(created.getJsonObject("endpoint").getString("id")).orElseThrow();
  }
}
