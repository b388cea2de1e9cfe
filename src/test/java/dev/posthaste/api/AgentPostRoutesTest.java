package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Received;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class AgentPostRoutesTest extends WithApiServer {
  private static final String THEIRS = "/api/v1/webhooks/endpoints";
  private static final String OURS = "/webhooks/v1/endpoints";

  private HttpCall acme;
  private HttpCall other;

  @BeforeAll
  void makeKeys() throws Exception {
    acme = server.as(server.key(server.acme, ENDPOINTS_READ, ENDPOINTS_WRITE));
    other = server.as(server.key(server.other, ENDPOINTS_READ, ENDPOINTS_WRITE));
  }

  private static String body(String url) {
    return new JsonObject()
        .put("url", url)
        .put("events", new JsonArray().add("vault.done"))
        .put("description", "Inbox")
        .encode();
  }

  private JsonObject create() throws Exception {
    return acme.post(THEIRS, body("https://example.com/hook")).ok(201).json();
  }

  @Test
  void anEndpointIsAnsweredWithItsSecretOnceAndIsOneOfOurs() throws Exception {
    JsonObject created = create();
    assertThat(created.fieldNames())
        .containsExactlyInAnyOrder("id", "url", "events", "description", "status", "secret");
    assertThat(created.getString("secret")).startsWith("whsec_");
    String id = created.getString("id");
    JsonObject seen = acme.get(THEIRS + "/" + id).ok(200).json();
    assertThat(seen).isEqualTo(withoutSecret(created));
    assertThat(acme.get(THEIRS).ok(200).list("endpoints")).contains(seen);
    JsonObject ours = acme.get(OURS + "/" + id).ok(200).json("endpoint");
    assertThat(ours.getString("contract")).isEqualTo("agentpost");
    assertThat(ours.getJsonArray("eventTypeFilters")).containsExactly("vault.done");
  }

  @Test
  void aRepeatUnderTheSameKeyIsAnsweredTheSameInTheirShape() throws Exception {
    String body = body("https://example.com/once");
    JsonObject first = once(body).ok(201).json();
    assertThat(once(body).ok(201).json()).isEqualTo(first);
    assertThat(first.getString("secret")).startsWith("whsec_");
    once(body("https://example.com/other")).problem(422);
  }

  private HttpCall.Answer once(String body) throws Exception {
    return acme.send(
        acme.request(THEIRS)
            .header("content-type", "application/json")
            .header("idempotency-key", "agentpost-once")
            .POST(java.net.http.HttpRequest.BodyPublishers.ofString(body)));
  }

  private static JsonObject withoutSecret(JsonObject created) {
    JsonObject copy = created.copy();
    copy.remove("secret");
    return copy;
  }

  @Test
  void itIsChangedEnabledAgainAndDeleted() throws Exception {
    String at = THEIRS + "/" + create().getString("id");
    acme.patch(at, "{\"status\": \"disabled\"}").ok(200);
    JsonObject changed =
        acme.patch(at, "{\"status\": \"active\", \"events\": [\"vault.*\"], \"description\": null}")
            .ok(200)
            .json();
    assertThat(changed.getString("status")).isEqualTo("active");
    assertThat(changed.getJsonArray("events")).containsExactly("vault.*");
    assertThat(changed.getValue("description")).isNull();
    acme.delete(at).ok(204);
    acme.get(at).problem(404);
  }

  @Test
  void faultsNameTheFieldsThatTheClientKnows() throws Exception {
    assertThat(
            acme.post(THEIRS, "{\"url\": \"https://example.com\", \"events\": [\"no.such\"]}")
                .fault("/events/0"))
        .contains("catalog");
    assertThat(acme.post(THEIRS, "{\"url\": \"https://example.com\"}").fault("/events"))
        .contains("required");
    acme.post(THEIRS, "{").problem(400);
    server.as("nobody").get(THEIRS).problem(401);
    other.get(THEIRS + "/" + create().getString("id")).problem(404);
  }

  @Test
  void whatIsSentIsSignedAsAgentPostDoes() throws Exception {
    try (RecordingReceiver receiver = new RecordingReceiver()) {
      JsonObject created = acme.post(THEIRS, body(receiver.url("/inbox"))).ok(201).json();
      acme.post(OURS + "/" + created.getString("id") + "/test", "{\"eventType\": \"vault.done\"}")
          .ok(200);
      Received message = receiver.received("/inbox").getFirst();
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(bytes(created.getString("secret")), "HmacSHA256"));
      String stamp = message.headers().get("x-agentpost-timestamp");
      assertThat(message.headers().get("x-agentpost-signature"))
          .isEqualTo(HexFormat.of().formatHex(mac.doFinal(bytes(stamp + "." + message.body()))));
      assertThat(new JsonObject(message.body()).fieldNames())
          .contains("id", "type", "timestamp", "data");
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
