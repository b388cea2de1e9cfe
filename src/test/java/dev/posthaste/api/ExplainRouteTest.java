package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.PublicId;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ExplainRouteTest extends WithApiServer {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";
  private static final String LONG_AGO = "2025-01-01T00:00:00Z";

  private LogRows rows;
  private HttpCall acme;
  private HttpCall other;

  @BeforeEach
  void startEmpty() throws Exception {
    rows = new LogRows(server);
    rows.clear();
    server.sql("DELETE FROM endpoint_secret", "DELETE FROM endpoint");
    acme = server.as(server.key(server.acme, DELIVERIES_READ, ENDPOINTS_WRITE));
    other = server.as(server.key(server.other, DELIVERIES_READ));
  }

  /** An endpoint that was there, as it is, long before any event. */
  private long endpoint(HttpCall as, String fields) throws Exception {
    String id =
        as.post(ENDPOINTS, "{\"url\":\"https://x.example/\"," + fields + "}")
            .ok(201)
            .json("endpoint")
            .getString("id");
    long endpoint = PublicId.ENDPOINT.parse(id).getAsLong();
    settled(endpoint);
    return endpoint;
  }

  private void settled(long endpoint) throws Exception {
    server.sql(
        "UPDATE endpoint SET created_at = '%1$s', updated_at = '%1$s' WHERE id = %2$d"
            .formatted(LONG_AGO, endpoint));
  }

  private JsonObject explain(long event, long endpoint) throws Exception {
    var answer =
        acme.get(
                "/webhooks/v1/events/%s/explain?endpoint_id=%s"
                    .formatted(PublicId.EVENT.format(event), PublicId.ENDPOINT.format(endpoint)))
            .ok(200);
    assertThat(answer.list("endpoints")).hasSize(1);
    return answer.list("endpoints").getJsonObject(0);
  }

  private void saysOfNoTarget(long event, long endpoint, String code, String words)
      throws Exception {
    JsonObject said = explain(event, endpoint);
    assertThat(said.getBoolean("target")).isFalse();
    assertThat(said.getString("code")).isEqualTo(code);
    assertThat(said.getString("words")).contains(words);
    assertThat(said.getValue("delivery")).isNull();
    assertThat(said.getValue("waitsFor")).isNull();
  }

  @Test
  void whatARecoveryHasBroughtIsToldAndListedLikeAnyDelivery() throws Exception {
    long endpoint = endpoint(acme, "\"eventTypeFilters\":[\"vault.*\"]");
    long event = rows.event(server.acme, "vault.done");
    saysOfNoTarget(event, endpoint, "not_known_yet", "matches");
    server.sql("INSERT INTO added_target VALUES (%d, %d)".formatted(event, endpoint));
    rows.attempt(event, endpoint, 1, LogRows.DELIVERED, 200);
    JsonObject said = explain(event, endpoint);
    assertThat(said.getString("code")).isEqualTo("added");
    assertThat(said.getBoolean("target")).isTrue();
    assertThat(said.getJsonObject("delivery").getJsonArray("attempts")).hasSize(1);
    String id = PublicId.ENDPOINT.format(endpoint);
    assertThat(acme.get("/webhooks/v1/deliveries").ok(200).list("deliveries")).hasSize(1);
    assertThat(acme.get("/webhooks/v1/deliveries?endpoint_id=" + id).ok(200).list("deliveries"))
        .hasSize(1);
    server.sql("TRUNCATE added_target");
  }

  @Test
  void aTargetIsToldWithItsFilterItsAttemptsAndWhatItWaitsFor() throws Exception {
    long endpoint = endpoint(acme, "\"eventTypeFilters\":[\"agent.*\",\"vault.*\"]");
    long event = rows.event(server.acme, "vault.done", endpoint);
    JsonObject inMemory = explain(event, endpoint);
    assertThat(inMemory.getString("code")).isEqualTo("matched");
    assertThat(inMemory.getString("words")).contains("'vault.*'");
    assertThat(inMemory.getJsonObject("rules").getString("filter")).isEqualTo("vault.*");
    assertThat(inMemory.getJsonObject("waitsFor").getString("code")).isEqualTo("under_way");
    rows.attempt(event, endpoint, 1, LogRows.RETRYING, 503);
    rows.deferred(event, endpoint, 1);
    JsonObject waits = explain(event, endpoint);
    assertThat(waits.getJsonObject("delivery").getString("status")).isEqualTo("pending");
    assertThat(waits.getJsonObject("delivery").getJsonArray("attempts")).hasSize(1);
    assertThat(waits.getJsonObject("waitsFor").getString("code")).isEqualTo("retry");
    assertThat(waits.getJsonObject("waitsFor").getString("until"))
        .isEqualTo("2027-01-01T00:00:00.000Z");
    server.sql("TRUNCATE deferred");
    rows.attempt(event, endpoint, 2, LogRows.DELIVERED, 200);
    JsonObject over = explain(event, endpoint);
    assertThat(over.getJsonObject("delivery").getString("status")).isEqualTo("delivered");
    assertThat(over.getValue("waitsFor")).isNull();
  }

  @Test
  void eachReasonToWaitHasItsWords() throws Exception {
    long endpoint = endpoint(acme, "\"eventTypeFilters\":[\"*\"]");
    for (int reason = 1; reason <= 11; reason++) {
      long event = rows.event(server.acme, "vault.done", endpoint);
      rows.deferred(event, endpoint, reason);
      JsonObject waits = explain(event, endpoint).getJsonObject("waitsFor");
      assertThat(waits.getString("words")).endsWith(".");
      assertThat(waits.getBoolean("underWay")).isFalse();
    }
  }

  @Test
  void whoIsNoTargetIsToldTheRuleThatKeptItOut() throws Exception {
    long filter = endpoint(acme, "\"eventTypeFilters\":[\"agent.*\"]");
    HttpCall agents = server.as(server.key(server.acme, Set.of("agent"), ENDPOINTS_WRITE));
    long scope = endpoint(agents, "\"eventTypeFilters\":[\"*\"]");
    long resource =
        endpoint(acme, "\"eventTypeFilters\":[\"*\"],\"resourceScopes\":{\"vaultIds\":[\"v2\"]}");
    long disabled = endpoint(acme, "\"eventTypeFilters\":[\"*\"]");
    acme.patch(ENDPOINTS + "/" + PublicId.ENDPOINT.format(disabled), "{\"status\":\"disabled\"}")
        .ok(200);
    settled(disabled);
    long event = rows.event(server.acme, "vault.done");
    saysOfNoTarget(event, filter, "type_not_wanted", "(agent.*)");
    saysOfNoTarget(event, scope, "key_scope", "'vault'");
    saysOfNoTarget(event, resource, "resource_scope", "v2; the event is about 'v1'");
    saysOfNoTarget(event, disabled, "disabled", "disabled");
  }

  @Test
  void whatChangedSinceIsToldApartFromWhatWasThen() throws Exception {
    long later = endpoint(acme, "\"eventTypeFilters\":[\"*\"]");
    long changed = endpoint(acme, "\"eventTypeFilters\":[\"*\"]");
    long narrowed = endpoint(acme, "\"eventTypeFilters\":[\"agent.*\"]");
    long unknown = endpoint(acme, "\"eventTypeFilters\":[\"*\"]");
    long target = endpoint(acme, "\"eventTypeFilters\":[\"agent.*\"]");
    long event = rows.event(server.acme, "vault.done", target);
    String now = " = now() + interval '1 minute'";
    server.sql(
        "UPDATE endpoint SET created_at" + now + ", updated_at" + now + " WHERE id = " + later);
    for (long id : new long[] {changed, narrowed, target}) {
      server.sql("UPDATE endpoint SET updated_at" + now + " WHERE id = " + id);
    }
    saysOfNoTarget(event, later, "created_later", "It would match now.");
    saysOfNoTarget(event, changed, "changed_since", "did not match or was disabled");
    saysOfNoTarget(event, narrowed, "type_not_wanted", "after the event");
    saysOfNoTarget(event, unknown, "not_known_yet", "did not know of it yet");
    JsonObject matched = explain(event, target);
    assertThat(matched.getString("code")).isEqualTo("matched");
    assertThat(matched.getBoolean("matchesNow")).isFalse();
    assertThat(matched.getString("words")).contains("would not go to it now");
  }

  @Test
  void deletedEndpointsArePartOfItIfTheyWereThereWhenTheEventCame() throws Exception {
    long gone = endpoint(acme, "\"eventTypeFilters\":[\"*\"]");
    acme.delete(ENDPOINTS + "/" + PublicId.ENDPOINT.format(gone)).ok(204);
    server.sql("UPDATE endpoint SET deleted_at = '" + LONG_AGO + "'");
    long event = rows.event(server.acme, "vault.done");
    assertThat(all(event, "")).isEmpty();
    saysOfNoTarget(event, gone, "deleted", "2025-01-01");
    server.sql("UPDATE endpoint SET deleted_at = now() + interval '1 minute'");
    assertThat(all(event, "")).containsExactly(PublicId.ENDPOINT.format(gone));
  }

  private List<String> all(long event, String query) throws Exception {
    return acme
        .get("/webhooks/v1/events/" + PublicId.EVENT.format(event) + "/explain" + query)
        .ok(200)
        .list("endpoints")
        .stream()
        .map(item -> ((JsonObject) item).getString("endpointId"))
        .toList();
  }

  @Test
  void manyEndpointsComeInPages() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      expected.addFirst(PublicId.ENDPOINT.format(endpoint(acme, "\"eventTypeFilters\":[\"*\"]")));
    }
    long event = rows.event(server.acme, "vault.done");
    long another = rows.event(server.acme, "vault.done");
    String path = "/webhooks/v1/events/" + PublicId.EVENT.format(event) + "/explain?limit=2";
    List<String> seen = new ArrayList<>(all(event, "?limit=2"));
    String cursor = acme.get(path).json().getString("nextCursor");
    acme.get(
            "/webhooks/v1/events/%s/explain?cursor=%s"
                .formatted(PublicId.EVENT.format(another), cursor))
        .fault("/query/cursor");
    while (cursor != null) {
      seen.addAll(all(event, "?limit=2&cursor=" + cursor));
      cursor = acme.get(path + "&cursor=" + cursor).json().getString("nextCursor");
    }
    assertThat(seen).isEqualTo(expected);
  }

  @Test
  void thePublishersOwnIdFindsTheOneEventThatItMade() throws Exception {
    long event = rows.event(server.acme, "vault.done");
    server.sql(
        "INSERT INTO event_key VALUES (%d, 'ingest-4711', %d, now() + interval '1 day')"
            .formatted(server.acme.id(), event));
    JsonObject found = acme.get("/webhooks/v1/events/ingest-4711/explain").ok(200).json("event");
    assertThat(found.getString("id")).isEqualTo(PublicId.EVENT.format(event));
    assertThat(found.getString("foundBy")).isEqualTo("publisherId");
    other.get("/webhooks/v1/events/ingest-4711/explain").problem(404);
    acme.get("/webhooks/v1/events/ingest-4712/explain").problem(404);
    acme.get("/webhooks/v1/events/a%00b/explain").problem(404);
  }

  @Test
  void whatIsAnotherTenantsIsUnknown() throws Exception {
    long endpoint = endpoint(acme, "\"eventTypeFilters\":[\"*\"]");
    long event = rows.event(server.acme, "vault.done");
    long foreign = rows.event(server.other, "vault.done");
    String path = "/webhooks/v1/events/%s/explain?endpoint_id=%s";
    String id = PublicId.ENDPOINT.format(endpoint);
    other.get(path.formatted(PublicId.EVENT.format(event), id)).problem(404);
    other.get(path.formatted(PublicId.EVENT.format(foreign), id)).problem(404);
    acme.get(path.formatted(PublicId.EVENT.format(event), "nobody")).problem(404);
  }
}
