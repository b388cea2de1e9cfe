package dev.posthaste.scenario;

import static dev.posthaste.scenario.SeedNode.DELIVERIES;
import static dev.posthaste.scenario.SeedNode.ENDPOINTS;
import static dev.posthaste.scenario.SeedNode.EVENTS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** AgentPost in the place of its own sender, its clients on their own routes. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TheAgentPostSystemGetsExactlyWhatItHasNow {
  private static final String SYSTEM = "agentpost";
  private static final String THEIRS = "/api/v1/webhooks/endpoints";
  private static final String STAMP = "x-agentpost-timestamp";
  private static final String SIGNATURE = "x-agentpost-signature";
  private static final String[] HEADERS = {
    "accept-encoding", "content-length", "content-type", "host", "user-agent", SIGNATURE, STAMP
  };
  private static final String SENT = "message.sent";

  private SeedNode node;
  private Api api;

  @BeforeAll
  void start(DatabaseUrl url, @TempDir Path folder) throws Exception {
    node = new SeedNode(url, folder, new ShippedContract(SYSTEM));
    api = node.tenant("acme", SYSTEM);
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private JsonObject create(String path, String... events) throws Exception {
    return api.call(
        "POST",
        THEIRS,
        new JsonObject()
            .put("url", node.receiver.url(path))
            .put("events", new JsonArray(List.of(events)))
            .put("description", "Inbox"));
  }

  private static void isSigned(Received message, String secret) {
    String stamp = message.headers().get(STAMP);
    assertThat(Long.parseLong(stamp)).isCloseTo(Instant.now().getEpochSecond(), within(90L));
    assertThat(message.headers().get(SIGNATURE))
        .isEqualTo(Hmac.ofSecretAsText(secret, stamp + "." + message.body()))
        .matches("[0-9a-f]{64}");
  }

  @Test
  void all_seven_event_types_arrive_byte_for_byte() throws Exception {
    JsonObject created = create("/all", "message.*", "domain.verified");
    Map<String, String> bodies = new HashMap<>();
    for (JsonObject type : SeedNode.catalog(SYSTEM)) {
      String data = type.getJsonObject("example").encodePrettily();
      String name = type.getString("type");
      HttpResponse<String> answer = api.rawText("POST", EVENTS, SeedNode.event(name, data));
      assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
      String id = new JsonObject(answer.body()).getJsonObject("event").getString("id");
      assertThat(id).matches("evt_[0-9A-HJKMNP-TV-Z]{26}");
      bodies.put(name, body(id, name, data));
    }
    assertThat(bodies).hasSize(7);
    for (Received message : node.received("/all", 7)) {
      assertThat(message.body())
          .isEqualTo(bodies.remove(new JsonObject(message.body()).getString("type")));
      assertThat(message.method()).isEqualTo("POST");
      assertThat(SeedNode.headerNames(message)).containsExactly(HEADERS);
      assertThat(message.headers().get("content-type")).isEqualTo("application/json");
      isSigned(message, created.getString("secret"));
    }
    assertThat(bodies).isEmpty();
  }

  private static String body(String id, String type, String data) {
    return ("{\"id\":\"%s\",\"type\":\"%s\",\"timestamp\":\"2026-03-21T22:25:00.007Z\","
            + "\"org_id\":\"org_acme\",\"env_id\":\"env_live\",\"data\":%s}")
        .formatted(id, type, data);
  }

  @Test
  void the_secret_is_shown_once_and_the_endpoint_in_their_shape() throws Exception {
    JsonObject created = create("/shape", SENT);
    String id = created.getString("id");
    assertThat(created.getString("secret")).startsWith("whsec_");
    JsonObject seen = api.get(THEIRS + "/" + id);
    assertThat(seen.fieldNames())
        .containsExactlyInAnyOrder("id", "url", "events", "description", "status");
    assertThat(seen.getString("url")).isEqualTo(node.receiver.url("/shape"));
    assertThat(seen.getJsonArray("events")).containsExactly(SENT);
    assertThat(seen.getString("description")).isEqualTo("Inbox");
    assertThat(api.get(THEIRS).encode()).contains(id).doesNotContain("whsec_");
    JsonObject nothing =
        new JsonObject()
            .put("url", node.receiver.url("/shape"))
            .put("events", new JsonArray().add("message.lost"));
    assertThat(SeedNode.fault(api.raw("POST", THEIRS, nothing), 422)).startsWith("/events/0: ");
  }

  @Test
  void an_endpoint_gets_the_events_of_its_list_and_what_is_unknown_is_refused() throws Exception {
    create("/listed", "message.bounced", "domain.verified");
    for (JsonObject type : SeedNode.catalog(SYSTEM)) {
      SeedNode.publish(api, type.getString("type"), type.getJsonObject("example"));
    }
    assertThat(node.received("/listed", 2))
        .extracting(message -> new JsonObject(message.body()).getString("type"))
        .containsExactlyInAnyOrder("message.bounced", "domain.verified");
    HttpResponse<String> unknown =
        api.rawText("POST", EVENTS, SeedNode.event("message.lost", "{}"));
    assertThat(SeedNode.fault(unknown, 422)).startsWith("/type: ");
  }

  @Test
  void an_event_may_come_again_and_has_the_same_id() throws Exception {
    node.receiver.answer("/again", request -> Answer.of(request.number() == 1 ? 500 : 200));
    JsonObject created = create("/again", "message.rejected");
    JsonObject published =
        SeedNode.publish(api, "message.rejected", SeedNode.example(SYSTEM, "message.rejected"));
    JsonObject delivery = SeedNode.ended(api, published, created.getString("id"));
    assertThat(delivery.getInteger("attemptCount")).isEqualTo(2);
    api.call("POST", DELIVERIES + "/" + delivery.getString("id") + "/replay", null);
    List<Received> messages = node.received("/again", 3);
    assertThat(messages).extracting(Received::body).containsOnly(messages.getFirst().body());
    for (Received message : messages) {
      assertThat(SeedNode.headerNames(message)).containsExactly(HEADERS);
      isSigned(message, created.getString("secret"));
    }
  }

  @Test
  void during_a_rotation_only_the_current_secret_signs() throws Exception {
    JsonObject created = create("/rotated", "message.complained");
    JsonObject rotated =
        api.call(
            "POST", ENDPOINTS + "/" + created.getString("id") + "/rotate_secret", new JsonObject());
    assertThat(rotated.getString("signingSecret")).isNotEqualTo(created.getString("secret"));
    SeedNode.publish(api, "message.complained", SeedNode.example(SYSTEM, "message.complained"));
    isSigned(node.received("/rotated", 1).getFirst(), rotated.getString("signingSecret"));
  }
}
