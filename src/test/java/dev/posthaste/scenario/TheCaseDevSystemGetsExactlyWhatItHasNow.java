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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Case.dev in the place of its own sender: its example bodies in, its wire format out. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TheCaseDevSystemGetsExactlyWhatItHasNow {
  private static final String SYSTEM = "casedev";
  private static final String DELIVERY = "case-webhook-id";
  private static final String STAMP = "case-webhook-timestamp";
  private static final String SIGNATURE = "case-webhook-signature";
  private static final String REPLAY = "case-webhook-replay";
  private static final String[] HEADERS = {
    "accept-encoding",
    DELIVERY,
    SIGNATURE,
    STAMP,
    "content-length",
    "content-type",
    "host",
    "user-agent"
  };
  private static final String CROCKFORD = "[0-9A-HJKMNP-TV-Z]{26}";
  private static final String TYPE = "compute.run.failed";

  private SeedNode node;
  private Api api;
  private JsonObject example;

  @BeforeAll
  void start(DatabaseUrl url, @TempDir Path folder) throws Exception {
    node = new SeedNode(url, folder, new ShippedContract(SYSTEM));
    api = node.tenant("acme", SYSTEM);
    example = SeedNode.example(SYSTEM, TYPE);
  }

  @AfterAll
  void stop() {
    node.close();
  }

  private static void isSigned(Received message, String... secrets) {
    String stamp = message.headers().get(STAMP);
    assertThat(Long.parseLong(stamp)).isCloseTo(Instant.now().getEpochSecond(), within(90L));
    String signed = message.headers().get(DELIVERY) + "." + stamp + "." + message.body();
    assertThat(message.headers().get(SIGNATURE).split(" "))
        .containsExactlyInAnyOrder(
            Stream.of(secrets)
                .map(secret -> "v1," + Hmac.ofDecodedSecret(secret, signed))
                .toArray(String[]::new));
  }

  @Test
  void all_53_event_types_arrive_byte_for_byte() throws Exception {
    JsonObject created = api.createEndpoint(node.receiver.url("/all"), "*");
    Map<String, String> data = new HashMap<>();
    for (JsonObject type : SeedNode.catalog(SYSTEM)) {
      data.put(type.getString("type"), type.getJsonObject("example").encodePrettily());
    }
    assertThat(data).hasSize(53);
    Map<String, String> bodies = new HashMap<>();
    for (JsonObject event : publishAll(data)) {
      String type = event.getString("type");
      bodies.put(
          type,
          "{\"id\":\"%s\",\"type\":\"%s\",\"occurred_at\":\"2026-03-21T22:25:00.007Z\",\"data\":%s}"
              .formatted(event.getString("id"), type, data.get(type)));
      assertThat(event.getString("id")).matches("evt_" + CROCKFORD);
    }
    Set<String> deliveries = new HashSet<>();
    for (Received message : node.received("/all", 53)) {
      assertThat(message.body())
          .isEqualTo(bodies.remove(new JsonObject(message.body()).getString("type")));
      assertThat(message.method()).isEqualTo("POST");
      assertThat(SeedNode.headerNames(message)).containsExactly(HEADERS);
      assertThat(message.headers().get("content-type")).isEqualTo("application/json");
      assertThat(message.headers().get(DELIVERY)).matches("dlv_" + CROCKFORD);
      deliveries.add(message.headers().get(DELIVERY));
      isSigned(message, created.getString("signingSecret"));
    }
    assertThat(bodies).isEmpty();
    assertThat(deliveries).hasSize(53);
  }

  private List<JsonObject> publishAll(Map<String, String> data) throws Exception {
    String batch =
        data.entrySet().stream()
            .map(entry -> SeedNode.event(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining(",\n", "[", "]"));
    HttpResponse<String> answer = api.rawText("POST", EVENTS + "/batch", batch);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return new JsonObject(answer.body())
        .getJsonArray("results").stream()
            .map(result -> ((JsonObject) result).getJsonObject("event"))
            .toList();
  }

  @Test
  void data_is_not_reformatted_and_the_time_has_milliseconds() throws Exception {
    api.createEndpoint(node.receiver.url("/bytes"), "agent.created");
    String data =
        "{ \"name\":\"Zo\\u00eb 💌\" ,\"version\" : \"7\",\n\t\"x\":[1.0,1e3,-0,{\"\":null}] }";
    String posted = "{\"data\":%s,\"type\":\"agent.created\"}".formatted(data);
    assertThat(api.rawText("POST", EVENTS, posted).statusCode()).isEqualTo(202);
    String body = node.received("/bytes", 1).getFirst().body();
    assertThat(body).endsWith(",\"data\":" + data + "}");
    assertThat(new JsonObject(body).getString("occurred_at"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
  }

  @Test
  void retries_and_replays_show_the_same_delivery_and_replays_are_marked() throws Exception {
    node.receiver.answer("/again", request -> Answer.of(request.number() < 3 ? 500 : 200));
    JsonObject created = api.createEndpoint(node.receiver.url("/again"), TYPE);
    String endpoint = created.getJsonObject("endpoint").getString("id");
    JsonObject published = SeedNode.publish(api, TYPE, example);
    JsonObject delivery = SeedNode.ended(api, published, endpoint);
    assertThat(delivery.getInteger("attemptCount")).isEqualTo(3);
    assertThat(delivery.getString("status")).isEqualTo("delivered");
    JsonObject rotated = rotate(endpoint, 0);
    api.call("POST", DELIVERIES + "/" + delivery.getString("id") + "/replay", null);
    List<Received> messages = node.received("/again", 4);
    assertThat(messages).extracting(Received::body).containsOnly(messages.getFirst().body());
    assertThat(messages)
        .extracting(message -> message.headers().get(DELIVERY))
        .containsOnly(delivery.getString("id"));
    messages
        .subList(0, 3)
        .forEach(
            message -> {
              assertThat(SeedNode.headerNames(message)).containsExactly(HEADERS);
              isSigned(message, created.getString("signingSecret"));
            });
    Received replay = messages.getLast();
    assertThat(SeedNode.headerNames(replay))
        .containsExactlyInAnyOrder(
            Stream.concat(Stream.of(HEADERS), Stream.of(REPLAY)).toArray(String[]::new));
    assertThat(replay.headers().get(REPLAY)).isEqualTo("true");
    isSigned(replay, rotated.getString("signingSecret"));
  }

  private JsonObject rotate(String endpoint, int overlapSeconds) throws Exception {
    return api.call(
        "POST",
        ENDPOINTS + "/" + endpoint + "/rotate_secret",
        new JsonObject().put("previousSecretExpiresInSec", overlapSeconds));
  }

  @Test
  void during_a_rotation_every_valid_secret_signs() throws Exception {
    JsonObject created = api.createEndpoint(node.receiver.url("/rotated"), TYPE);
    String endpoint = created.getJsonObject("endpoint").getString("id");
    String old = created.getString("signingSecret");
    String current = rotate(endpoint, 3600).getString("signingSecret");
    SeedNode.publish(api, TYPE, example);
    Received message = node.received("/rotated", 1).getFirst();
    isSigned(message, current, old);
    assertThat(message.headers().getAll(SIGNATURE)).hasSize(1);
  }

  @Test
  void what_the_catalog_does_not_allow_is_refused_with_its_place() throws Exception {
    assertThat(refused("vault.upload.vanished", "{}")).startsWith("/type: ");
    assertThat(refused("vault.upload.failed", "{\"vaultId\":\"v\",\"objectId\":\"o\"}"))
        .startsWith("/data")
        .contains("error");
    assertThat(refused("matter.updated", "{\"matterId\":\"m\"}"))
        .startsWith("/data")
        .contains("object");
    assertThat(refused("matter.created", "{\"matterId\":7,\"status\":\"open\"}"))
        .startsWith("/data/matterId: ");
  }

  private String refused(String type, String data) throws Exception {
    return SeedNode.fault(api.rawText("POST", EVENTS, SeedNode.event(type, data)), 422);
  }

  @Test
  void a_known_id_is_accepted_once() throws Exception {
    api.createEndpoint(node.receiver.url("/once"), "balance.changed");
    String posted =
        """
        {"id": "balance-4711", "type": "balance.changed", "data": {"balanceCents": 1, "deltaCents": 1}}""";
    HttpResponse<String> first = api.rawText("POST", EVENTS, posted);
    HttpResponse<String> second = api.rawText("POST", EVENTS, posted);
    assertThat(List.of(first.statusCode(), second.statusCode())).containsExactly(202, 200);
    JsonObject repeated = new JsonObject(second.body());
    assertThat(repeated.getBoolean("duplicate")).isTrue();
    String id = new JsonObject(node.received("/once", 1).getFirst().body()).getString("id");
    assertThat(id).isEqualTo(repeated.getJsonObject("event").getString("id"));
  }

  @Test
  void further_fields_and_changed_objects_come_through() throws Exception {
    api.createEndpoint(node.receiver.url("/open"), "matter.updated", "agent.deleted");
    JsonObject changed =
        new JsonObject()
            .put("matterId", "m")
            .put("object", new JsonObject().put("id", "m").put("tags", new JsonArray().add(1)))
            .put("previous_attributes", new JsonObject().put("tags", new JsonArray()))
            .put("addedLater", true);
    SeedNode.publish(api, "matter.updated", changed);
    assertThat(node.received("/open", 1).getFirst().body())
        .endsWith(",\"data\":" + changed.encode() + "}");
    SeedNode.publish(api, "agent.deleted", new JsonObject());
    assertThat(node.received("/open", 2).getLast().body()).endsWith(",\"data\":{}}");
  }
}
