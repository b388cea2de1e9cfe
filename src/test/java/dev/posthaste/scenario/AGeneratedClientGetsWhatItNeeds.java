package dev.posthaste.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.RunningServer;
import dev.posthaste.scenario.GeneratedClient.Reply;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** On all routes that the SDK knows, with the bodies that it sends and does not send. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AGeneratedClientGetsWhatItNeeds {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";
  private static final String DELIVERIES = "/webhooks/v1/deliveries";

  private RecordingReceiver receiver;
  private RunningServer server;
  private GeneratedClient client;

  @BeforeAll
  void open(DatabaseUrl url, @TempDir Path folder) {
    receiver = new RecordingReceiver();
    server = new RunningServer(url, folder, Map.of());
    client = new GeneratedClient(server.port(), RunningServer.KEY, () -> {});
  }

  @AfterAll
  void close() {
    server.close();
    receiver.close();
  }

  private Reply create(String path, String type) throws IOException {
    return client.call(
        "POST",
        ENDPOINTS,
        new JsonObject()
            .put("url", receiver.url(path))
            .put("eventTypeFilters", new JsonArray().add(type))
            .encode());
  }

  private JsonObject done(String method, String target, String body, int status)
      throws IOException {
    Reply reply = client.call(method, target, body);
    assertThat(reply.status()).as("%s %s: %s", method, target, reply).isEqualTo(status);
    assertThat(reply.requests()).isEqualTo(1);
    assertThat(reply.headers()).containsEntry("content-type", "application/json");
    return reply.json();
  }

  @Test
  void endpoints_are_made_read_changed_and_deleted() throws IOException {
    Reply made = create("/crud", "crud.*");
    assertThat(made.status()).isEqualTo(201);
    assertThat(made.json().fieldNames()).containsExactlyInAnyOrder("endpoint", "signingSecret");
    assertThat(made.json().getString("signingSecret")).startsWith("whsec_");
    String id = made.json().getJsonObject("endpoint").getString("id");
    String one = ENDPOINTS + "/" + id;

    JsonObject list = done("GET", ENDPOINTS + "?limit=10&status=active", null, 200);
    assertThat(list.getJsonArray("endpoints").encode()).contains(id).doesNotContain("whsec_");
    assertThat(done("GET", one, null, 200).getJsonObject("endpoint").getString("status"))
        .isEqualTo("active");
    JsonObject changed = done("PATCH", one, "{\"status\":\"disabled\",\"description\":null}", 200);
    assertThat(changed.getJsonObject("endpoint").getString("status")).isEqualTo("disabled");

    Reply deleted = client.call("DELETE", one, null);
    assertThat(deleted.status()).isEqualTo(204);
    assertThat(deleted.body()).isEmpty();
    Reply gone = client.call("GET", one, null);
    assertThat(gone.status()).isEqualTo(404);
    assertThat(gone.requests()).isEqualTo(1);
    assertThat(done("GET", DELIVERIES + "?endpoint_id=" + id, null, 200).fieldNames())
        .contains("deliveries");
  }

  @Test
  void rotate_and_test_go_without_a_body_and_with_an_empty_one() throws IOException {
    JsonObject made = create("/bodies", "bodies.*").json();
    String one = ENDPOINTS + "/" + made.getJsonObject("endpoint").getString("id");
    String last = made.getString("signingSecret");
    for (String body : new String[] {null, "{}", "{\"previousSecretExpiresInSec\":0}"}) {
      JsonObject rotated = done("POST", one + "/rotate_secret", body, 200);
      assertThat(rotated.fieldNames())
          .contains("endpoint", "signingSecret", "previousSecretExpiresAt");
      assertThat(rotated.getString("signingSecret")).startsWith("whsec_").isNotEqualTo(last);
      last = rotated.getString("signingSecret");
    }
    for (String body : new String[] {null, "{}", "{\"eventType\":\"a.b\",\"payload\":{}}"}) {
      JsonObject tested = done("POST", one + "/test", body, 200);
      assertThat(tested.getBoolean("delivered")).isTrue();
      assertThat(tested.fieldNames())
          .contains("delivered", "status", "latencyMs", "response", "error");
    }
    assertThat(receiver.received("/bodies")).hasSize(3);
  }

  @Test
  void deliveries_are_listed_read_and_replayed() throws Exception {
    String id = create("/replays", "replays.*").json().getJsonObject("endpoint").getString("id");
    server.post("/webhooks/v1/events", "{\"type\":\"replays.one\",\"data\":{\"n\":1}}");
    String list = DELIVERIES + "?endpoint_id=" + id + "&status=delivered&limit=5";
    await().until(() -> !done("GET", list, null, 200).getJsonArray("deliveries").isEmpty());
    String delivery =
        done("GET", list, null, 200).getJsonArray("deliveries").getJsonObject(0).getString("id");
    String one = DELIVERIES + "/" + delivery;
    assertThat(done("GET", one, null, 200).getJsonObject("delivery").getJsonArray("attempts"))
        .hasSize(1);
    int arrived = 1;
    for (String body : new String[] {null, "{}"}) {
      JsonObject replayed = done("POST", one + "/replay", body, 202);
      assertThat(replayed.getJsonObject("delivery").getString("id")).isEqualTo(delivery);
      int expected = ++arrived;
      await().until(() -> receiver.received("/replays").size() == expected);
      await()
          .until(
              () ->
                  done("GET", one, null, 200)
                      .getJsonObject("delivery")
                      .getString("status")
                      .equals("delivered"));
    }
    assertThat(receiver.received("/replays").stream().map(RecordingReceiver.Received::body))
        .as("each of them the same")
        .containsOnly(receiver.received("/replays").getFirst().body());
  }

  @Test
  void the_catalog_comes_as_event_types() throws IOException {
    assertThat(done("GET", "/webhooks/v1/event_types", null, 200).getJsonArray("eventTypes"))
        .isNotNull();
  }

  @Test
  void what_is_not_there_is_a_problem_with_a_message_that_is_not_asked_for_again()
      throws IOException {
    for (String target :
        List.of("/webhooks/v1/nothing", "/v2/endpoints", ENDPOINTS + "/ep_none", "/")) {
      Reply reply = client.call("GET", target, null);
      assertThat(reply.status()).as(target).isEqualTo(404);
      assertThat(reply.headers()).containsEntry("content-type", "application/problem+json");
      assertThat(reply.json().getString("message")).isNotBlank();
      assertThat(reply.json().getString("code")).isEqualTo("not_found");
      assertThat(reply.requests()).isEqualTo(1);
    }
  }

  @Test
  void a_conflict_is_not_asked_for_again() throws IOException {
    String body =
        "{\"uid\":\"taken\",\"url\":\"%s\",\"eventTypeFilters\":[\"*\"]}"
            .formatted(receiver.url("/conflict"));
    assertThat(client.call("POST", ENDPOINTS, body).status()).isEqualTo(201);
    Reply second = client.call("POST", ENDPOINTS, body);
    assertThat(second.status()).isEqualTo(409);
    assertThat(second.headers()).containsEntry("x-should-retry", "false");
    assertThat(second.requests()).isEqualTo(1);
  }
}
