package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.Sql;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whoever posted an event can ask for it by the id of the answer, whatever the contract makes it
 * of.
 */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostedEventIdTest {
  private static final String EVENTS = "/webhooks/v1/events/";
  private static final String DELIVERIES = "/webhooks/v1/deliveries?event_id=";

  private final RecordingReceiver receiver = new RecordingReceiver();
  private DatabaseUrl url;
  private RunningServer server;

  @BeforeAll
  void start(DatabaseUrl database, @TempDir Path folder) {
    url = database;
    server = new RunningServer(url, folder, Map.of());
  }

  @AfterAll
  void stop() {
    server.close();
    receiver.close();
  }

  private Api tenant(String uid, String contract) throws Exception {
    JsonObject tenant = new JsonObject().put("uid", uid).put("name", uid).put("contract", contract);
    server.api().call("POST", "/admin/v1/tenants", tenant);
    JsonArray permissions = new JsonArray(List.of("events:write", "deliveries:read"));
    JsonObject key =
        new JsonObject().put("tenant", uid).put("name", "k").put("permissions", permissions);
    return server.apiAs(server.api().call("POST", "/admin/v1/keys", key).getString("secret"));
  }

  /** The id of the answer. */
  private String post(Api api, String resourceId, Instant occurredAt) throws Exception {
    JsonObject event =
        new JsonObject()
            .put("type", "case.completed")
            .put("resourceId", resourceId)
            .put("occurredAt", occurredAt.toString())
            .put("clientWebhookUrl", receiver.url("/cases"))
            .put("data", new JsonObject().put("case", resourceId));
    return api.call("POST", "/webhooks/v1/events", event).getJsonObject("event").getString("id");
  }

  /** Asks every route that takes the id of an event; they must mean the same one. */
  private static void assertKnown(Api api, String id) throws Exception {
    String text = URLEncoder.encode(id, StandardCharsets.UTF_8);
    JsonObject whole = api.get(EVENTS + text);
    JsonArray deliveries = api.get(DELIVERIES + text).getJsonArray("deliveries");
    assertThat(deliveries).hasSize(1);
    String listed = deliveries.getJsonObject(0).getString("eventId");
    assertThat(whole.getJsonObject("event").getString("id")).isEqualTo(listed);
    assertThat(whole.getJsonArray("deliveries")).hasSize(1);
    assertThat(api.get(EVENTS + text + "/explain").getJsonObject("event").getString("id"))
        .isEqualTo(listed);
    if (!id.equals(listed)) {
      assertKnown(api, listed);
    }
  }

  private static void assertUnknown(Api api, String id) throws Exception {
    String text = URLEncoder.encode(id, StandardCharsets.UTF_8);
    assertThat(api.raw("GET", EVENTS + text, null).statusCode()).isEqualTo(404);
    assertThat(api.raw("GET", EVENTS + text + "/explain", null).statusCode()).isEqualTo(404);
    HttpResponse<String> refused = api.raw("GET", DELIVERIES + text, null);
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("/query/event_id");
  }

  @Test
  void anIdThatFollowsFromTheContentFindsItsEvent() throws Exception {
    Api api = tenant("cases", "offload");
    Api stranger = tenant("stranger", "offload");
    Instant at = Instant.parse("2026-03-21T22:25:00Z");
    String id = post(api, "c1", at);
    assertThat(id).isEqualTo("evt_c1_case_completed_1774131900000");
    post(api, "c2", at);
    assertKnown(api, id);
    assertUnknown(stranger, id);
    assertUnknown(api, id + "1");
    String odd = post(api, "a b/%é?".repeat(36), at);
    assertThat(odd).contains("%20").hasSizeGreaterThan(255);
    assertKnown(api, odd);
  }

  @Test
  void itStillDoesWhenRepeatsAreRecognisedNoMore() throws Exception {
    Api api = tenant("later", "offload");
    String id = post(api, "c1", Instant.now().minus(Duration.ofHours(3)));
    String ahead = post(api, "c1", Instant.now().plus(Duration.ofMinutes(5)));
    String other = post(api, "c2", Instant.now());
    Sql.execute(url, "DELETE FROM event_key");
    for (String one : List.of(id, ahead, other)) {
      assertKnown(api, one);
    }
  }

  @Test
  void thePublishersOwnIdFindsItsEventToo() throws Exception {
    Api api = tenant("own", "standard");
    JsonObject event = new JsonObject().put("type", "order.paid").put("data", 1).put("id", "o-1");
    String id =
        api.call("POST", "/webhooks/v1/events", event).getJsonObject("event").getString("id");
    for (String one : List.of("o-1", id)) {
      assertThat(api.get(EVENTS + one).getJsonObject("event").getString("id")).isEqualTo(id);
      assertThat(api.get(DELIVERIES + one).getJsonArray("deliveries")).isEmpty();
    }
    assertUnknown(api, "o-2");
  }
}
