package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.awaitility.Awaitility.await;

import com.standardwebhooks.Webhook;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.OffloadContracts;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Destinations that events bring, as a tenant sees them over the API. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectDestinationTest {
  private static final JsonArray PERMISSIONS =
      new JsonArray(
          List.of(
              "events:write",
              "endpoints:write",
              "endpoints:read",
              "deliveries:read",
              "deliveries:replay"));

  private final RecordingReceiver receiver = new RecordingReceiver();
  private DatabaseUrl url;
  private Path folder;
  private RunningServer server;

  @BeforeAll
  void start(DatabaseUrl database, @TempDir Path data) {
    url = database;
    folder = data;
    OffloadContracts.write(folder.resolve("contracts"), "quick", "[100ms, 100ms]");
    OffloadContracts.write(folder.resolve("contracts"), "patient", "[3s]");
    String often = "[" + "400ms, ".repeat(49) + "400ms]";
    OffloadContracts.write(folder.resolve("contracts"), "steady", often);
    OffloadContracts.writeUnsigned(folder.resolve("contracts"), "steady-unsigned", often);
    server = open();
  }

  private RunningServer open() {
    Map<String, String> more =
        Map.of(
            "CONTRACTS_DIR",
            folder.resolve("contracts").toString(),
            "DEFERRED_CLAIM_INTERVAL",
            "100ms");
    return new RunningServer(url, folder.resolve("data"), more);
  }

  @AfterAll
  void stop() {
    server.close();
    receiver.close();
  }

  /** The key of a new tenant. */
  private String tenant(String uid, String contract) throws Exception {
    JsonObject tenant = new JsonObject().put("uid", uid).put("name", uid).put("contract", contract);
    server.api().call("POST", "/admin/v1/tenants", tenant);
    JsonObject key =
        new JsonObject().put("tenant", uid).put("name", "test").put("permissions", PERMISSIONS);
    return server.api().call("POST", "/admin/v1/keys", key).getString("secret");
  }

  private Api api(String key) {
    return new Api(URI.create("http://127.0.0.1:" + server.port()), key);
  }

  private static JsonObject event(String caseId, String destination) {
    return new JsonObject()
        .put("type", "case.completed")
        .put("data", new JsonObject().put("caseId", caseId))
        .put("resourceId", caseId)
        .put("clientWebhookUrl", destination);
  }

  private static JsonObject onlyDelivery(Api api) throws Exception {
    JsonArray deliveries = api.get("/webhooks/v1/deliveries").getJsonArray("deliveries");
    assertThat(deliveries).hasSize(1);
    return deliveries.getJsonObject(0);
  }

  private static void awaitStatus(Api api, String status) {
    await()
        .untilAsserted(() -> assertThat(onlyDelivery(api).getString("status")).isEqualTo(status));
  }

  @Test
  void itsDeliveryIsListedShownExplainedAndReplayed() throws Exception {
    Api api = api(tenant("shown", "offload"));
    String destination = receiver.url("/shown?token=mine");
    api.call("POST", "/webhooks/v1/events", event("c1", destination));
    awaitStatus(api, "delivered");
    JsonObject listed = onlyDelivery(api);
    assertThat(listed.getString("clientWebhookUrl")).isEqualTo(destination);
    assertThat(listed.containsKey("endpointId")).isFalse();
    String path = "/webhooks/v1/deliveries/" + listed.getString("id");
    JsonObject shown = api.get(path).getJsonObject("delivery");
    assertThat(shown.getString("clientWebhookUrl")).isEqualTo(destination);
    assertThat(shown.getJsonArray("attempts")).hasSize(1);
    String event = "/webhooks/v1/events/" + listed.getString("eventId");
    assertThat(api.get(event).getJsonObject("event").getString("clientWebhookUrl"))
        .isEqualTo(destination);
    JsonObject why = api.get(event + "/explain");
    assertThat(why.getJsonObject("event").getInteger("targets")).isEqualTo(1);
    assertThat(why.getJsonArray("endpoints")).isEmpty();
    assertThat(why.getJsonObject("direct").getJsonObject("delivery").getString("status"))
        .isEqualTo("delivered");
    api.call("POST", path + "/replay", new JsonObject());
    await().until(() -> receiver.received("/shown").size() == 2);
    await()
        .untilAsserted(
            () ->
                assertThat(api.get(path).getJsonObject("delivery").getInteger("attemptCount"))
                    .isEqualTo(2));
    Api foreign = api(tenant("curious", "offload"));
    assertThat(foreign.raw("GET", path, null).statusCode()).isEqualTo(404);
    assertThat(foreign.raw("POST", path + "/replay", new JsonObject()).statusCode()).isEqualTo(404);
  }

  @Test
  void whereItMayNotGoIsToldWithoutAnAddress() throws Exception {
    Api api = api(tenant("prying", "offload"));
    assertThat(
            api.raw("POST", "/webhooks/v1/events", event("c1", "http://user@a.example/"))
                .statusCode())
        .isEqualTo(422);
    api.call("POST", "/webhooks/v1/events", event("c1", "http://169.254.169.254/latest"));
    awaitStatus(api, "failed");
    JsonObject failed =
        api.get("/webhooks/v1/deliveries/" + onlyDelivery(api).getString("id"))
            .getJsonObject("delivery");
    assertThat(failed.getString("lastError")).isEqualTo("target_not_allowed");
    assertThat(failed.getJsonArray("attempts").getJsonObject(0).getValue("address")).isNull();
  }

  @Test
  void aContractThatSignsDoesSoWithTheSecretOfTheTenant() throws Exception {
    Api api = api(tenant("signed", "quick"));
    JsonObject first = event("c1", receiver.url("/signed"));
    HttpResponse<String> refused = api.raw("POST", "/webhooks/v1/events", first);
    assertThat(refused.statusCode()).isEqualTo(422);
    assertThat(refused.body()).contains("/webhooks/v1/direct_secret/rotate");
    JsonObject made = rotate(api, new JsonObject());
    assertThat(made.getValue("previousSecretExpiresAt")).isNull();
    receiver.answer("/signed", request -> Answer.of(request.number() == 1 ? 503 : 200));
    api.call("POST", "/webhooks/v1/events", first);
    await().until(() -> receiver.received("/signed").size() == 2);
    String before = made.getString("signingSecret");
    receiver.received("/signed").forEach(one -> assertSigned(before, one));
    JsonObject rotated = rotate(api, new JsonObject().put("previousSecretExpiresInSec", 60));
    assertThat(rotated.getString("previousSecretExpiresAt")).endsWith("Z");
    api.call("POST", "/webhooks/v1/events", event("c2", receiver.url("/signed")));
    await().until(() -> receiver.received("/signed").size() == 3);
    Received both = receiver.received("/signed").getLast();
    assertSigned(before, both);
    assertSigned(rotated.getString("signingSecret"), both);
    rotate(api, new JsonObject().put("previousSecretExpiresInSec", 0));
    api.call("POST", "/webhooks/v1/events", event("c3", receiver.url("/signed")));
    await().until(() -> receiver.received("/signed").size() == 4);
    assertThat(receiver.received("/signed").getLast().headers().get("webhook-signature"))
        .doesNotContain(" ");
  }

  @Test
  void aTenantThatComesToAContractThatSignsGetsItsSecretWithTheChange() throws Exception {
    Api api = api(tenant("coming", "offload"));
    assertThat(change("coming", "agentless").statusCode()).isEqualTo(422);
    JsonObject changed = new JsonObject(change("coming", "quick").body());
    assertThat(changed.getJsonObject("tenant").getString("contract")).isEqualTo("quick");
    String secret = changed.getString("signingSecret");
    api.call("POST", "/webhooks/v1/events", event("c1", receiver.url("/coming")));
    await().until(() -> receiver.received("/coming").size() == 1);
    assertSigned(secret, receiver.received("/coming").getFirst());
    for (String contract : List.of("quick", "patient", "offload", "quick")) {
      assertThat(change("coming", contract).body())
          .as("it has one")
          .contains(contract)
          .doesNotContain("signingSecret");
    }
    JsonObject audit =
        server.api().get("/admin/v1/audit?limit=250").getJsonArray("audit").stream()
            .map(JsonObject.class::cast)
            .filter(record -> record.encode().contains("directSecretMade"))
            .findFirst()
            .orElseThrow();
    assertThat(audit.encode()).contains("tenant.updated").doesNotContain(secret);
  }

  private HttpResponse<String> change(String uid, String contract) throws Exception {
    return server
        .api()
        .raw("PATCH", "/admin/v1/tenants/" + uid, new JsonObject().put("contract", contract));
  }

  @Test
  void whatItHadAcceptedBeforeGoesOnSigned() throws Exception {
    Api api = api(tenant("waiting", "steady-unsigned"));
    AtomicBoolean isOpen = new AtomicBoolean();
    receiver.answer("/waiting", request -> Answer.of(isOpen.get() ? 200 : 503));
    api.call("POST", "/webhooks/v1/events", event("c1", receiver.url("/waiting")));
    await().until(() -> !receiver.received("/waiting").isEmpty());
    assertThat(receiver.received("/waiting").getFirst().headers().contains("webhook-signature"))
        .isFalse();
    String secret = new JsonObject(change("waiting", "steady").body()).getString("signingSecret");
    isOpen.set(true);
    awaitStatus(api, "delivered");
    assertSigned(secret, receiver.received("/waiting").getLast());
  }

  private static JsonObject rotate(Api api, JsonObject body) throws Exception {
    return api.call("POST", "/webhooks/v1/direct_secret/rotate", body);
  }

  private static void assertSigned(String secret, Received message) {
    Map<String, List<String>> headers =
        message.headers().names().stream()
            .collect(Collectors.toMap(name -> name, message.headers()::getAll));
    assertThatCode(
            () ->
                new Webhook(secret)
                    .verify(message.body(), HttpHeaders.of(headers, (name, value) -> true)))
        .doesNotThrowAnyException();
  }

  @Test
  void itIsDeliveredBesidesTheEndpointsThatMatch() throws Exception {
    Api api = api(tenant("both", "offload"));
    api.createEndpoint(receiver.url("/endpoint"), "*");
    JsonObject accepted =
        api.call("POST", "/webhooks/v1/events", event("c1", receiver.url("/direct")));
    assertThat(accepted.getInteger("deliveries")).isEqualTo(2);
    await()
        .until(
            () ->
                receiver.received("/endpoint").size() == 1
                    && receiver.received("/direct").size() == 1);
    assertThat(receiver.received("/endpoint").getFirst().body())
        .isEqualTo(receiver.received("/direct").getFirst().body());
  }

  @Test
  void aRetryThatWaitsIsMadeAfterARestart() throws Exception {
    String key = tenant("patient", "patient");
    String secret = rotate(api(key), new JsonObject()).getString("signingSecret");
    receiver.answer("/later", request -> Answer.of(request.number() == 1 ? 500 : 200));
    api(key).call("POST", "/webhooks/v1/events", event("c1", receiver.url("/later")));
    await()
        .untilAsserted(
            () -> assertThat(onlyDelivery(api(key)).getValue("nextAttemptAt")).isNotNull());
    server.close();
    server = open();
    await().until(() -> receiver.received("/later").size() == 2);
    List<Received> received = receiver.received("/later");
    assertThat(received.getLast().body()).isEqualTo(received.getFirst().body());
    assertSigned(secret, received.getLast());
    awaitStatus(api(key), "delivered");
  }
}
