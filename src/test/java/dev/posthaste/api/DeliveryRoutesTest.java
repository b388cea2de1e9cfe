package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.support.Sql;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeliveryRoutesTest extends WithApiServer {
  private static final String DELIVERIES = "/webhooks/v1/deliveries";
  private static final int DELIVERED = 1;
  private static final int RETRYING = 2;
  private static final int FAILED = 3;
  private static final int DISCARDED = 4;

  private HttpCall acme;
  private HttpCall other;

  @BeforeEach
  void startEmpty() throws Exception {
    acme = server.as(server.key(server.acme, DELIVERIES_READ));
    other = server.as(server.key(server.other, DELIVERIES_READ));
    server.sql("TRUNCATE event, attempt, deferred");
  }

  private long event(Tenant tenant, String type, long... targets) throws Exception {
    long id = server.ids.next();
    insert(id, tenant, type, "{}", targets);
    return id;
  }

  private void insert(long id, Tenant tenant, String type, String data, long... targets)
      throws Exception {
    String list = LongStream.of(targets).mapToObj(Long::toString).collect(Collectors.joining(","));
    try (var connection = Sql.connect(server.url);
        var statement =
            connection.prepareStatement(
                "INSERT INTO event (id, tenant_id, type, occurred_at_ms, resource_id, key, data, targets)"
                    + " VALUES (?, ?, ?, 1767225600000, NULL, 'k1', convert_to(?, 'UTF8'), ?::bigint[])")) {
      statement.setLong(1, id);
      statement.setLong(2, tenant.id());
      statement.setString(3, type);
      statement.setString(4, data);
      statement.setString(5, "{" + list + "}");
      statement.executeUpdate();
    }
  }

  private void attempt(long event, long endpoint, int number, int outcome, String statusAndReason)
      throws Exception {
    server.sql(
        "INSERT INTO attempt VALUES (%d, %d, %d, %d, 1, %s, 1500, '203.0.113.7:443', 'oh', 1767225600000)"
            .formatted(event, endpoint, number, outcome, statusAndReason));
  }

  private void deferred(long event, long endpoint) throws Exception {
    server.sql(
        "INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger) VALUES (%d, %d, 1, '2027-01-01T00:00:00Z', 2)"
            .formatted(event, endpoint));
  }

  private JsonObject get(long event, long endpoint) throws Exception {
    return acme.get(DELIVERIES + "/" + new DeliveryId(event, endpoint)).ok(200).json("delivery");
  }

  private List<String> ids(String query) throws Exception {
    return acme.get(DELIVERIES + query).ok(200).list("deliveries").stream()
        .map(item -> ((JsonObject) item).getString("id"))
        .toList();
  }

  private static String id(long event, long endpoint) {
    return new DeliveryId(event, endpoint).toString();
  }

  @Test
  void aDeliveryStandsAsItsLastAttemptUnlessItWaits() throws Exception {
    long event = event(server.acme, "vault.done", 1, 2, 3, 4, 5, 6);
    attempt(event, 2, 1, RETRYING, "500, NULL");
    attempt(event, 2, 2, DELIVERED, "204, NULL");
    attempt(event, 3, 1, RETRYING, "NULL, 1");
    deferred(event, 3);
    attempt(event, 4, 1, FAILED, "404, NULL");
    attempt(event, 5, 1, DELIVERED, "200, NULL");
    deferred(event, 5);
    attempt(event, 6, 1, DISCARDED, "NULL, NULL");
    assertThat(get(event, 1).getString("status")).isEqualTo("pending");
    assertThat(get(event, 1).getInteger("attemptCount")).isZero();
    JsonObject delivered = get(event, 2);
    assertThat(delivered.getString("status")).isEqualTo("delivered");
    assertThat(delivered.getString("deliveredAt")).isEqualTo("2026-01-01T00:00:00.001Z");
    assertThat(delivered.getInteger("attemptCount")).isEqualTo(2);
    assertThat(delivered.getInteger("lastHttpStatus")).isEqualTo(204);
    assertThat(get(event, 3).getString("status")).isEqualTo("pending");
    assertThat(get(event, 3).getString("lastError")).isEqualTo("timeout");
    assertThat(get(event, 3).getString("nextAttemptAt")).isEqualTo("2027-01-01T00:00:00.000Z");
    assertThat(get(event, 4).getString("status")).isEqualTo("failed");
    assertThat(get(event, 4).getString("lastError")).isEqualTo("http_error");
    assertThat(get(event, 5).getString("status")).isEqualTo("pending");
    assertThat(get(event, 6).getString("status")).isEqualTo("failed");
    assertThat(get(event, 6).getString("lastError")).isEqualTo("discarded");
    assertThat(get(event, 6).getInteger("attemptCount")).isZero();
  }

  @Test
  void allAttemptsAreShownAndARefusedAddressIsNot() throws Exception {
    long event = event(server.acme, "vault.done", 1);
    attempt(event, 1, 1, RETRYING, "NULL, 7");
    attempt(event, 1, 2, FAILED, "500, NULL");
    JsonArray attempts = get(event, 1).getJsonArray("attempts");
    JsonObject first = attempts.getJsonObject(0);
    assertThat(first.getString("error")).isEqualTo("target_not_allowed");
    assertThat(first.getString("address")).isNull();
    JsonObject second = attempts.getJsonObject(1);
    assertThat(second.getInteger("number")).isEqualTo(2);
    assertThat(second.getString("trigger")).isEqualTo("live");
    assertThat(second.getString("status")).isEqualTo("failed");
    assertThat(second.getInteger("httpStatus")).isEqualTo(500);
    assertThat(second.getDouble("latencyMs")).isEqualTo(1.5);
    assertThat(second.getString("address")).isEqualTo("203.0.113.7:443");
    assertThat(second.getString("response")).isEqualTo("oh");
  }

  @Test
  void everyFilterNarrows() throws Exception {
    long first = event(server.acme, "vault.done", 1, 2);
    long second = event(server.acme, "agent.run.done", 2);
    attempt(first, 1, 1, DELIVERED, "200, NULL");
    attempt(first, 2, 1, FAILED, "404, NULL");
    assertThat(ids("")).containsExactly(id(second, 2), id(first, 2), id(first, 1));
    assertThat(ids("?status=pending")).containsExactly(id(second, 2));
    assertThat(ids("?status=delivered")).containsExactly(id(first, 1));
    assertThat(ids("?status=failed")).containsExactly(id(first, 2));
    assertThat(ids("?http_status=404")).containsExactly(id(first, 2));
    assertThat(ids("?event_type=agent.run.done")).containsExactly(id(second, 2));
    assertThat(ids("?event_id=" + PublicId.EVENT.format(first)))
        .containsExactly(id(first, 2), id(first, 1));
    assertThat(ids("?endpoint_id=" + PublicId.ENDPOINT.format(1))).containsExactly(id(first, 1));
    assertThat(ids("?endpoint_id=" + PublicId.ENDPOINT.format(9))).isEmpty();
    acme.get(DELIVERIES + "?endpoint_id=nobody").problem(404);
  }

  @Test
  void timesNarrowToWhenEventsWereAccepted() throws Exception {
    long early = IdGenerator.lowestAt(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
    long late = IdGenerator.lowestAt(Instant.parse("2026-01-02T00:00:00Z").toEpochMilli());
    insert(early, server.acme, "vault.done", "{}", 1);
    insert(late, server.acme, "vault.done", "{}", 1);
    assertThat(ids("?since=2026-01-02T00:00:00Z")).containsExactly(id(late, 1));
    assertThat(ids("?until=2026-01-02T00:00:00Z")).containsExactly(id(early, 1));
    assertThat(ids("?since=2026-01-01T01:00:00%2B01:00&until=2026-01-02T00:00:00.001Z"))
        .containsExactly(id(late, 1), id(early, 1));
  }

  @Test
  void pagesAreCompleteWhileRowsArrive() throws Exception {
    List<String> before = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      long event = event(server.acme, "vault.done", 1, 2, 3);
      before.addAll(0, List.of(id(event, 3), id(event, 2), id(event, 1)));
    }
    List<String> seen = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      JsonObject page = acme.get(DELIVERIES + "?limit=4" + cursor).ok(200).json();
      page.getJsonArray("deliveries")
          .forEach(item -> seen.add(((JsonObject) item).getString("id")));
      event(server.acme, "vault.done", 1, 2, 3);
      cursor = page.containsKey("nextCursor") ? "&cursor=" + page.getString("nextCursor") : null;
    }
    assertThat(seen).isEqualTo(before);
  }

  @Test
  void anotherTenantSeesNothing() throws Exception {
    long event = event(server.acme, "vault.done", 1);
    attempt(event, 1, 1, DELIVERED, "200, NULL");
    assertThat(other.get(DELIVERIES).ok(200).list("deliveries")).isEmpty();
    other.get(DELIVERIES + "/" + id(event, 1)).problem(404);
    other.get("/webhooks/v1/events/" + PublicId.EVENT.format(event)).problem(404);
    acme.get(DELIVERIES + "/" + id(event, 2)).problem(404);
    acme.get(DELIVERIES + "/" + id(event + 1, 1)).problem(404);
  }

  @Test
  void anEventIsShownWithItsDataByteForByte() throws Exception {
    String data = "{ \"b\":1.0,\n\t\"a\" : [1e3, \"\\u00e9é\"],\"b\":2}";
    long event = server.ids.next();
    insert(event, server.acme, "vault.done", data, 1, 2);
    var answer = acme.get("/webhooks/v1/events/" + PublicId.EVENT.format(event)).ok(200);
    assertThat(answer.text()).contains("\"data\":" + data + "}");
    JsonObject shown = answer.json("event");
    assertThat(shown.getString("id")).isEqualTo(PublicId.EVENT.format(event));
    assertThat(shown.getString("occurredAt")).isEqualTo("2026-01-01T00:00:00.000Z");
    assertThat(shown.getString("publisherId")).isEqualTo("k1");
    assertThat(answer.list("deliveries")).hasSize(2);
  }

  @Test
  void anEventWithoutDeliveriesIsShownToo() throws Exception {
    long event = event(server.acme, "vault.done");
    var answer = acme.get("/webhooks/v1/events/" + PublicId.EVENT.format(event)).ok(200);
    assertThat(answer.list("deliveries")).isEmpty();
    long unknown = new IdGenerator(Clock.systemUTC(), 5, 0).next();
    acme.get("/webhooks/v1/events/" + PublicId.EVENT.format(unknown)).problem(404);
  }

  @Test
  void theyNeedTheirPermission() throws Exception {
    HttpCall reader = server.as(server.key(server.acme, ENDPOINTS_READ));
    reader.get(DELIVERIES).problem(403);
    reader.get(DELIVERIES + "/" + id(1, 1)).problem(403);
    reader.get("/webhooks/v1/events/" + PublicId.EVENT.format(1)).problem(403);
  }
}
