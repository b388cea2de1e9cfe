package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.contract.CatalogReader;
import dev.posthaste.event.PublicId;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.Validator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whole nodes, a real database and real receivers. Each test has a tenant of its own under the
 * contract {@code casedev}: 400 fails a delivery at once, and 50 of them in a row disable.
 */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailingEndpointsTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String EVENT = "order.paid";
  private static final String AUTO_DISABLED = "webhook.endpoint.auto_disabled";
  private static final JsonSchemaOptions SCHEMAS =
      new JsonSchemaOptions().setDraft(Draft.DRAFT202012).setBaseUri("https://posthaste.test");

  private Path folder;
  private final AtomicInteger folders = new AtomicInteger();
  private DatabaseUrl url;
  private TestDatabase db;
  private RecordingReceiver receiver;
  private RunningNode node;

  @BeforeAll
  void open(DatabaseUrl given, @TempDir Path data) {
    url = given;
    folder = data;
    db = new TestDatabase(url);
    receiver = new RecordingReceiver();
    node = start();
    node.createEndpoint("operations", receiver.url("/operators"), "*");
  }

  @AfterAll
  void close() {
    node.close();
    receiver.close();
    db.close();
  }

  private RunningNode start() {
    return new RunningNode(folder.resolve("node" + folders.incrementAndGet()), url);
  }

  /** What operators were told of an endpoint, in the order of the events. */
  private List<JsonObject> told(String type, String endpointId) {
    return receiver.received("/operators").stream()
        .map(one -> new JsonObject(one.body()))
        .filter(event -> event.getString("type").equals(type))
        .filter(event -> endpointId.equals(event.getJsonObject("data").getString("endpointId")))
        .sorted(Comparator.comparing(event -> event.getString("id")))
        .map(event -> event.getJsonObject("data"))
        .toList();
  }

  private JsonObject awaitTold(String type, String endpointId) {
    await().atMost(PATIENCE).until(() -> !told(type, endpointId).isEmpty());
    JsonObject data = told(type, endpointId).getFirst();
    String schema =
        CatalogReader.read(Optional.empty())
            .named("operations")
            .orElseThrow()
            .type(type)
            .orElseThrow()
            .schema();
    assertThat(
            Validator.create(JsonSchema.of(new JsonObject(schema)), SCHEMAS)
                .validate(data)
                .getValid())
        .as(type + " " + data.encode())
        .isTrue();
    return data;
  }

  private void awaitFailures(String tenant, String id, int failures) {
    await()
        .atMost(PATIENCE)
        .until(() -> node.endpoint(tenant, id).getInteger("consecutiveFailures") == failures);
  }

  private void awaitStatus(String tenant, String id, String status) {
    await()
        .atMost(PATIENCE)
        .until(() -> node.endpoint(tenant, id).getString("status").equals(status));
  }

  @Test
  void operatorsHearWhatBecomesOfEndpoints() {
    node.createTenant("news", "standard");
    String id = node.createEndpoint("news", receiver.url("/news") + "?key=hush", "*");
    assertThat(awaitTold("endpoint.created", id).getString("tenant")).isEqualTo("news");
    assertThat(told("endpoint.created", id).getFirst().getString("url"))
        .isEqualTo(receiver.url("/news"));
    node.patch("news", id, "{\"description\": \"d\", \"traceContext\": true}");
    assertThat(awaitTold("endpoint.updated", id).getJsonArray("changed"))
        .containsExactly("description", "traceContext");
    node.patch("news", id, "{}");
    node.patch("news", id, "{\"status\": \"disabled\"}");
    assertThat(awaitTold("endpoint.disabled", id).getString("reason")).isEqualTo("owner");
    node.patch("news", id, "{\"status\": \"active\"}");
    awaitTold("endpoint.enabled", id);
    node.call("news", "DELETE", "/webhooks/v1/endpoints/" + id, "");
    awaitTold("endpoint.deleted", id);
    assertThat(told("endpoint.updated", id)).hasSize(1);
  }

  @Test
  void fiftyFailuresInARowDisableAlsoWithARestartBetween() {
    node.createTenant("restart", "casedev");
    receiver.answer("/broken", Answer.of(400));
    String broken = node.createEndpoint("restart", receiver.url("/broken"), EVENT);
    node.createEndpoint("restart", receiver.url("/other"), AUTO_DISABLED);
    node.createEndpoint("restart", receiver.url("/deaf"), "something.else");
    node.publish("restart", EVENT, 30);
    awaitFailures("restart", broken, 30);
    assertThat(awaitTold("delivery.failing", broken).getInteger("percent")).isEqualTo(50);
    node.publish("restart", EVENT, 9);
    await().atMost(PATIENCE).until(() -> receiver.received("/broken").size() == 39);
    node.close();
    node = start();
    node.publish("restart", EVENT, 10);
    awaitFailures("restart", broken, 49);
    assertThat(node.endpoint("restart", broken).getString("status")).isEqualTo("active");
    node.publish("restart", EVENT, 1);
    awaitStatus("restart", broken, "auto_disabled");
    await().atMost(PATIENCE).until(() -> !receiver.received("/other").isEmpty());
    JsonObject announced = new JsonObject(receiver.received("/other").getFirst().body());
    assertThat(announced.getString("type")).isEqualTo(AUTO_DISABLED);
    assertThat(announced.getJsonObject("data").getString("endpointId")).isEqualTo(broken);
    assertThat(announced.getJsonObject("data").getString("url")).isEqualTo(receiver.url("/broken"));
    assertThat(announced.getJsonObject("data").getInteger("consecutiveFailures")).isEqualTo(50);
    assertThat(announced.getJsonObject("data").getString("lastFailureAt")).endsWith("Z");
    assertThat(awaitTold("endpoint.disabled", broken).getString("reason")).isEqualTo("failing");
    await().atMost(PATIENCE).until(() -> told("delivery.failing", broken).size() == 4);
    assertThat(told("delivery.failing", broken))
        .extracting(data -> data.getInteger("percent"))
        .containsExactly(50, 70, 90, 100);
    awaitTold("delivery.exhausted", broken);
    assertThat(receiver.received("/deaf")).isEmpty();
    assertThat(receiver.received("/other")).hasSize(1);
  }

  @Test
  void anEndpointThatFailsForTooLongIsDisabledByTime() {
    node.createTenant("time", "standard");
    String half = node.createEndpoint("time", receiver.url("/half"), "*");
    String over = node.createEndpoint("time", receiver.url("/over"), "*");
    failingFor(half, "60 hours");
    failingFor(over, "121 hours");
    awaitStatus("time", over, "auto_disabled");
    assertThat(awaitTold("delivery.failing", half).getInteger("percent")).isEqualTo(50);
    assertThat(told("delivery.failing", half).getFirst().getValue("limit")).isNull();
    assertThat(node.endpoint("time", half).getString("status")).isEqualTo("active");
  }

  private void failingFor(String id, String time) {
    db.execute(
        "INSERT INTO endpoint_health (endpoint_id, consecutive_failures, failing_since,"
            + " last_failure_at) VALUES (%d, 1, now() - interval '%s', now())"
                .formatted(PublicId.ENDPOINT.parse(id).orElseThrow(), time));
  }

  @Test
  void ofAnEndpointThatIsNeverDisabledOperatorsHearAfterTenFailures() {
    node.createTenant("never", "offload");
    receiver.answer("/never", Answer.of(500));
    String id = node.createEndpoint("never", receiver.url("/never"), EVENT);
    node.publish("never", EVENT, 9);
    awaitFailures("never", id, 9);
    node.publish("never", EVENT, 3);
    JsonObject data = awaitTold("delivery.failing", id);
    assertThat(data.getInteger("consecutiveFailures")).isGreaterThanOrEqualTo(10);
    assertThat(data.getValue("percent")).isNull();
    assertThat(data.getValue("limit")).isNull();
  }

  @Test
  void operatorsHearOfWhatWaitsForTooLongBehindAnOpenBreaker() {
    node.createTenant("late", "standard");
    receiver.answer("/late", Answer.of(503));
    String id = node.createEndpoint("late", receiver.url("/late"), EVENT);
    node.publish("late", EVENT, 40);
    JsonObject data = awaitTold("lane.backlog", id);
    assertThat(data.getString("tenant")).isEqualTo("late");
    assertThat(data.getLong("limitSec")).isEqualTo(1);
    assertThat(data.getLong("ageSec")).isGreaterThanOrEqualTo(1);
    assertThat(data.getString("oldestDueAt")).endsWith("Z");
  }

  @Test
  void whatADisabledEndpointMissesIsCountedUntilTheNextTime() {
    node.createTenant("misses", "casedev");
    String id = node.createEndpoint("misses", receiver.url("/misses"), "order.*");
    node.patch("misses", id, "{\"status\": \"disabled\"}");
    node.publish("misses", EVENT, 7);
    node.publish("misses", "invoice.paid", 7);
    await()
        .atMost(PATIENCE)
        .until(() -> node.endpoint("misses", id).getInteger("missedEvents") == 7);
    node.patch("misses", id, "{\"status\": \"active\"}");
    assertThat(node.endpoint("misses", id).getInteger("missedEvents")).isEqualTo(7);
    node.patch("misses", id, "{\"status\": \"disabled\"}");
    assertThat(node.endpoint("misses", id).getInteger("missedEvents")).isZero();
  }

  @Test
  void aContractThatDropsCountsNothing() {
    node.createTenant("drops", "offload");
    String id = node.createEndpoint("drops", receiver.url("/drops"), "*");
    node.patch("drops", id, "{\"status\": \"disabled\"}");
    String other = node.createEndpoint("default", receiver.url("/drops"), "only.here");
    node.patch("default", other, "{\"status\": \"disabled\"}");
    node.publish("drops", EVENT, 5);
    node.publish("default", "only.here", 1);
    await()
        .atMost(PATIENCE)
        .until(() -> node.endpoint("default", other).getInteger("missedEvents") == 1);
    assertThat(node.endpoint("drops", id).getInteger("missedEvents")).isZero();
  }

  @Test
  void anEndpointThatIsGoneIsAnnouncedToo() {
    node.createTenant("gone", "casedev");
    receiver.answer("/gone", Answer.of(410));
    String gone = node.createEndpoint("gone", receiver.url("/gone"), EVENT);
    node.createEndpoint("gone", receiver.url("/still-there"), AUTO_DISABLED);
    node.publish("gone", EVENT, 1);
    awaitStatus("gone", gone, "auto_disabled");
    assertThat(node.endpoint("gone", gone).getString("disabledReason")).isEqualTo("gone");
    await().atMost(PATIENCE).until(() -> receiver.received("/still-there").size() == 1);
    assertThat(awaitTold("endpoint.disabled", gone).getString("reason")).isEqualTo("gone");
  }

  @Test
  void whoRecoversWhatItMissedIsNotToldThatItWasDisabled() {
    node.createTenant("itself", "casedev");
    receiver.answer("/itself", Answer.of(410));
    String id = node.createEndpoint("itself", receiver.url("/itself"), "*");
    String other = node.createEndpoint("itself", receiver.url("/others"), AUTO_DISABLED);
    node.publish("itself", EVENT, 1);
    await().atMost(PATIENCE).until(() -> receiver.received("/others").size() == 1);
    // After a change the node knows how its endpoints are now.
    node.patch("itself", id, "{\"description\": \"gone\"}");
    node.publish("itself", EVENT, 2);
    receiver.answer("/itself", Answer.of(200));
    node.patch("itself", id, "{\"status\": \"active\"}");
    assertThat(recover("itself", id, true).getInteger("count")).isEqualTo(2);
    recover("itself", id, false);
    await()
        .atMost(PATIENCE)
        .until(
            () -> db.column("SELECT concat_ws(' ', state, total, delivered) FROM job"),
            jobs -> jobs.equals(List.of("3 2 2")));
    assertThat(receiver.received("/itself"))
        .hasSize(3)
        .extracting(one -> new JsonObject(one.body()).getString("type"))
        .containsOnly(EVENT);
    JsonObject said = explained("itself", id);
    assertThat(said.getBoolean("target")).isFalse();
    assertThat(said.getString("code")).isEqualTo("about_itself");
    assertThat(said.getBoolean("matchesNow")).isFalse();
    assertThat(explained("itself", other).getString("code")).isEqualTo("matched");
  }

  private JsonObject recover(String tenant, String id, boolean dryRun) {
    String body =
        "{\"since\": \"2020-01-01T00:00:00Z\", \"only\": \"missed\", \"dryRun\": " + dryRun + "}";
    return node.call(tenant, "POST", "/webhooks/v1/endpoints/" + id + "/recover", body);
  }

  /** What an endpoint is told of the event that one of its tenant was disabled. */
  private JsonObject explained(String tenant, String endpoint) {
    String events = "SELECT id FROM event WHERE type = '" + AUTO_DISABLED + "' AND tenant_id = ";
    String of = "(SELECT id FROM tenant WHERE uid = '" + tenant + "')";
    long event = Long.parseLong(db.column(events + of).getFirst());
    String path =
        "/webhooks/v1/events/%s/explain?endpoint_id=%s"
            .formatted(PublicId.EVENT.format(event), endpoint);
    return node.call(tenant, "GET", path, "").getJsonArray("endpoints").getJsonObject(0);
  }

  @Test
  void aSuccessEndsTheCountAndOperatorsHearThatItRecovered() {
    node.createTenant("recovers", "casedev");
    receiver.answer("/recovers", Answer.of(400));
    String id = node.createEndpoint("recovers", receiver.url("/recovers"), EVENT);
    node.publish("recovers", EVENT, 25);
    String since = awaitTold("delivery.failing", id).getString("failingSince");
    receiver.answer("/recovers", Answer.of(200));
    node.publish("recovers", EVENT, 1);
    assertThat(awaitTold("delivery.recovered", id).getString("failingSince")).isEqualTo(since);
    awaitFailures("recovers", id, 0);
  }

  @Test
  void twoNodesCountTogetherAndOneOfThemDisables() {
    node.createTenant("both", "casedev");
    receiver.answer("/both", Answer.of(400));
    String id = node.createEndpoint("both", receiver.url("/both"), EVENT);
    node.createEndpoint("both", receiver.url("/told"), AUTO_DISABLED);
    try (RunningNode second = start()) {
      node.publish("both", EVENT, 24);
      second.publish("both", EVENT, 25);
      awaitFailures("both", id, 49);
      receiver.answer("/both", Answer.of(200));
      second.publish("both", EVENT, 1);
      awaitFailures("both", id, 0);
      receiver.answer("/both", Answer.of(400));
      node.publish("both", EVENT, 25);
      second.publish("both", EVENT, 25);
      awaitStatus("both", id, "auto_disabled");
      await().atMost(PATIENCE).until(() -> !receiver.received("/told").isEmpty());
    }
    assertThat(
            db.column(
                "SELECT count(*) FROM event WHERE type = '%s'".formatted(AUTO_DISABLED)
                    + " AND tenant_id = (SELECT id FROM tenant WHERE uid = 'both')"))
        .containsExactly("1");
  }

  @Test
  void operatorsOwnEndpointsAreNotTalkedAbout() {
    receiver.answer("/silent", Answer.of(410));
    String id = node.createEndpoint("operations", receiver.url("/silent"), "endpoint.created");
    node.createTenant("silent", "standard");
    node.createEndpoint("silent", receiver.url("/x"), "*");
    awaitStatus("operations", id, "auto_disabled");
    assertThat(
            db.column(
                "SELECT convert_from(data, 'UTF8') FROM event WHERE tenant_id = (SELECT id FROM"
                    + " tenant WHERE uid = 'operations')"))
        .noneMatch(data -> data.contains(id));
  }
}
