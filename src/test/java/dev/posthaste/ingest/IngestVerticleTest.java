package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Delivery;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Sql;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class IngestVerticleTest {
  private static final String EVENT = "{\"type\":\"order.paid\",\"data\":{\"a\" : 1}}";
  private IngestRig rig;

  @BeforeAll
  void open(DatabaseUrl url) {
    rig = new IngestRig(url, url, IngestRig.SETTINGS);
  }

  @AfterAll
  void close() {
    rig.close();
  }

  @BeforeEach
  void clear() {
    rig.db.execute("TRUNCATE event, event_key, deferred");
    rig.handedOver.clear();
  }

  @Test
  void anAcceptedEventIsStoredAnsweredAndHandedOver() {
    HttpResponse<String> answer = rig.post(EVENT);
    assertThat(answer.statusCode()).isEqualTo(202);
    JsonObject json = new JsonObject(answer.body());
    assertThat(json.getJsonObject("event").getString("id")).startsWith("evt_");
    assertThat(json.getInteger("deliveries")).isEqualTo(1);
    assertThat(json.getBoolean("duplicate")).isFalse();
    assertThat(rig.db.column("SELECT convert_from(data, 'UTF8') || targets::text FROM event"))
        .containsExactly("{\"a\" : 1}{11}");
    assertThat(rig.handedOver).extracting(Delivery::endpointId).containsExactly(11L);
  }

  @Test
  void theTraceContextOfTheRequestIsKeptIfItIsValid() {
    String parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    rig.send(
        rig.request("/events")
            .header("traceparent", parent)
            .header("tracestate", "a=1")
            .header("tracestate", "b=2"),
        EVENT);
    rig.send(rig.request("/events").header("traceparent", parent.replace("0af", "XYZ")), EVENT);
    rig.send(
        rig.request("/events").header("traceparent", parent).header("traceparent", parent), EVENT);
    assertThat(
            rig.db.column(
                "SELECT coalesce(traceparent || ' ' || tracestate, '') FROM event ORDER BY id"))
        .containsExactly(parent + " a=1,b=2", "", "");
    assertThat(rig.handedOver.getFirst().event().trace().orElseThrow().parent()).isEqualTo(parent);
  }

  @Test
  void yesIsSaidOnlyAfterTheCommit() throws SQLException {
    CompletableFuture<HttpResponse<String>> answer;
    try (Connection blocker = Sql.connect(rig.db.url());
        Statement statement = blocker.createStatement()) {
      blocker.setAutoCommit(false);
      statement.execute("LOCK TABLE event IN SHARE MODE");
      answer = rig.start(rig.request("/events"), EVENT);
      awaitBlocked(rig);
      assertThat(answer).isNotDone();
      assertThat(rig.handedOver).isEmpty();
      blocker.rollback();
    }
    assertThat(answer.join().statusCode()).isEqualTo(202);
    assertThat(rig.db.column("SELECT count(*) FROM event")).containsExactly("1");
  }

  @Test
  void timesAlwaysHaveMilliseconds() {
    HttpResponse<String> answer =
        rig.post("{\"type\":\"t\",\"data\":1,\"occurredAt\":\"2026-01-31T13:00:00+01:00\"}");
    JsonObject event = new JsonObject(answer.body()).getJsonObject("event");
    assertThat(event.getString("occurredAt")).isEqualTo("2026-01-31T12:00:00.000Z");
    assertThat(event.getString("acceptedAt")).matches("....-..-..T..:..:..\\....Z");
  }

  static void awaitBlocked(IngestRig rig) {
    Awaitility.await()
        .until(
            () ->
                rig.db.column(
                    "SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'event'::regclass"),
            waiting -> !waiting.isEmpty());
  }

  @Test
  void keysArePutToTheTest() {
    assertThat(status("authorization", "Bearer nobody")).isEqualTo(401);
    assertThat(status("authorization", "Bearer ")).isEqualTo(401);
    assertThat(status("authorization", "Basic abc")).isEqualTo(401);
    assertThat(status("authorization", "Bearer " + IngestRig.EXPIRED_KEY)).isEqualTo(401);
    assertThat(status("authorization", "Bearer " + IngestRig.READ_ONLY_KEY)).isEqualTo(403);
    assertThat(status("authorization", "bearer " + IngestRig.TENANT_KEY)).isEqualTo(202);
    assertThat(rig.db.column("SELECT tenant_id FROM event")).containsExactly("2");
  }

  private int status(String header, String value) {
    return rig.send(rig.request("/events").setHeader(header, value), EVENT).statusCode();
  }

  @Test
  void problemsSayWhatToDo() {
    HttpResponse<String> answer =
        rig.send(rig.request("/events").setHeader("authorization", "Bearer x"), EVENT);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(answer.headers().firstValue("www-authenticate")).contains("Bearer");
    JsonObject json = new JsonObject(answer.body());
    assertThat(json.getInteger("status")).isEqualTo(401);
    assertThat(json.getString("instance")).isEqualTo("/webhooks/v1/events");
    assertThat(json.getString("message")).isEqualTo(json.getString("detail")).isNotBlank();
  }

  @Test
  void badInputIsRefusedAndNothingIsStored() {
    assertThat(status("content-type", "text/plain")).isEqualTo(415);
    assertThat(status("content-type", "application/x-ndjson")).isEqualTo(415);
    assertThat(status("content-encoding", "gzip")).isEqualTo(415);
    assertThat(rig.post("{\"type\":").statusCode()).isEqualTo(400);
    assertThat(rig.post("").statusCode()).isEqualTo(400);
    HttpResponse<String> invalid = rig.post("{\"type\":\"a b\"}");
    assertThat(invalid.statusCode()).isEqualTo(422);
    assertThat(invalid.body()).contains("\"/type\"").contains("\"/data\"");
    assertThat(rig.post(event("\"" + "x".repeat(2_000) + "\"")).statusCode()).isEqualTo(413);
    assertThat(rig.post(event("\"" + "x".repeat(20_000) + "\"")).statusCode()).isEqualTo(413);
    assertThat(rig.db.column("SELECT count(*) FROM event")).containsExactly("0");
  }

  @Test
  void aBodyThatIsFarTooLongIsRefusedInEveryVersionOfHttp() {
    String body = event("\"" + "x".repeat(100_000) + "\"");
    for (HttpClient.Version version : HttpClient.Version.values()) {
      assertThat(rig.send(rig.request("/events").version(version), body).statusCode())
          .as(version.name())
          .isEqualTo(413);
    }
    assertThat(rig.post(EVENT).statusCode()).isEqualTo(202);
  }

  @Test
  void contentTypesAreReadWithTheirParameters() {
    assertThat(status("content-type", "Application/JSON; charset=utf-8")).isEqualTo(202);
  }

  @Test
  void operatorsNameATenantByHeaderOrBody() {
    assertThat(status("posthaste-tenant", "acme")).isEqualTo(202);
    assertThat(rig.post("{\"type\":\"t\",\"data\":1,\"tenant\":\"acme\"}").statusCode())
        .isEqualTo(202);
    assertThat(
            rig.post(
                    "{\"type\":\"t\",\"data\":1,\"tenant\":\""
                        + dev.posthaste.event.PublicId.TENANT.format(2)
                        + "\"}")
                .statusCode())
        .isEqualTo(202);
    assertThat(rig.db.column("SELECT DISTINCT tenant_id FROM event")).containsExactly("2");
    assertThat(status("posthaste-tenant", "nobody")).isEqualTo(404);
    assertThat(rig.post("{\"type\":\"t\",\"data\":1,\"tenant\":\"nobody\"}").statusCode())
        .isEqualTo(404);
  }

  @Test
  void tenantsCannotNameAnother() {
    HttpResponse<String> answer =
        rig.send(
            rig.request("/events").setHeader("authorization", "Bearer " + IngestRig.TENANT_KEY),
            "{\"type\":\"t\",\"data\":1,\"tenant\":\"default\"}");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(status("x-api-key", "ignored")).isEqualTo(202);
  }

  @Test
  void aRepeatedIdIsAnsweredWithTheFirstEvent() {
    String body = "{\"type\":\"t\",\"data\":1,\"id\":\"a \\\"quoted\\\" \\\\ id\"}";
    JsonObject first = new JsonObject(rig.post(body).body());
    HttpResponse<String> again = rig.post(body);
    assertThat(again.statusCode()).isEqualTo(200);
    JsonObject repeat = new JsonObject(again.body());
    assertThat(repeat.getBoolean("duplicate")).isTrue();
    assertThat(repeat.getJsonObject("event")).isEqualTo(first.getJsonObject("event"));
    assertThat(rig.handedOver).hasSize(1);
  }

  @Test
  void idsMadeFromTheContentAreToldTheSameWayAgain() {
    for (String body :
        new String[] {
          "{\"type\":\"t\",\"data\":1,\"id\":\"own \\\"id\\\"\"}",
          "{\"type\":\"t\",\"data\":1,\"resourceId\":\"r \\\"1\\\" \\\\\",\"occurredAt\":\"2026-01-01T00:00:00Z\"}"
        }) {
      HttpResponse<String> one =
          rig.send(rig.request("/events").header("posthaste-tenant", "cases"), body);
      HttpResponse<String> two =
          rig.send(rig.request("/events").header("posthaste-tenant", "cases"), body);
      assertThat(one.statusCode()).isEqualTo(202);
      assertThat(two.statusCode()).isEqualTo(200);
      assertThat(new JsonObject(two.body()).getJsonObject("event"))
          .isEqualTo(new JsonObject(one.body()).getJsonObject("event"));
    }
  }

  @Test
  void aBatchTakesTheGoodOnesAndNamesTheBad() {
    HttpResponse<String> answer =
        rig.send(rig.request("/events/batch"), "[" + EVENT + ",{\"type\":\"t\"},7," + EVENT + "]");
    assertThat(answer.statusCode()).isEqualTo(202);
    JsonArray results = new JsonObject(answer.body()).getJsonArray("results");
    assertThat(results).hasSize(4);
    assertThat(results.getJsonObject(0).containsKey("event")).isTrue();
    assertThat(results.getJsonObject(1).getJsonObject("error").getInteger("status")).isEqualTo(422);
    assertThat(results.getJsonObject(2).getJsonObject("error").getString("instance"))
        .isEqualTo("/webhooks/v1/events/batch#/2");
    assertThat(results.getJsonObject(3).containsKey("event")).isTrue();
    assertThat(rig.db.column("SELECT count(*) FROM event")).containsExactly("2");
  }

  @Test
  void aBatchMayComeInLinesAndHasABound() {
    HttpResponse<String> answer =
        rig.send(
            rig.request("/events/batch").setHeader("content-type", "application/x-ndjson"),
            EVENT + "\n{\n" + EVENT + "\n");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(new JsonObject(answer.body()).getJsonArray("results")).hasSize(3);
    assertThat(
            rig.send(rig.request("/events/batch"), "[" + (EVENT + ",").repeat(10) + EVENT + "]")
                .statusCode())
        .isEqualTo(413);
    assertThat(rig.send(rig.request("/events/batch"), "[]").statusCode()).isEqualTo(202);
  }

  @Test
  void aCatalogIsHeldToItsSchemas() {
    String good = "{\"vaultId\":\"v1\",\"objectId\":\"o\",\"filename\":\"f\"}";
    assertThat(vault("vault.upload.initiated", good).statusCode()).isEqualTo(202);
    assertThat(rig.db.column("SELECT resource_id FROM event")).containsExactly("v1");
    assertThat(vault("vault.unknown", good).body()).contains("\"/type\"");
    HttpResponse<String> wrong = vault("vault.upload.initiated", good.replace("\"o\"", "7"));
    assertThat(wrong.statusCode()).isEqualTo(422);
    assertThat(wrong.body()).contains("/data/objectId");
    for (String data : new String[] {"null", "1", "\"a\"", "[]", "{}"}) {
      assertThat(vault("vault.upload.initiated", data).statusCode()).as(data).isEqualTo(422);
    }
  }

  /** It would have failed every event of its commit. */
  @Test
  void aResourceIdThatCannotBeKeptIsAFaultOfItsEvent() {
    for (String id : new String[] {"a\\u0000b", "\\ud800", "x".repeat(300)}) {
      HttpResponse<String> answer =
          vault(
              "vault.upload.initiated",
              "{\"vaultId\":\"" + id + "\",\"objectId\":\"o\",\"filename\":\"f\"}");
      assertThat(answer.statusCode()).isEqualTo(422);
      assertThat(answer.body()).contains("/data/vaultId");
    }
  }

  private HttpResponse<String> vault(String type, String data) {
    return rig.send(
        rig.request("/events").header("posthaste-tenant", "vaults"),
        "{\"type\":\"" + type + "\",\"data\":" + data + "}");
  }

  private static String event(String data) {
    return "{\"type\":\"t\",\"data\":" + data + "}";
  }
}
