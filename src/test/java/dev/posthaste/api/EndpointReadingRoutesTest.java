package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.PublicId;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EndpointReadingRoutesTest extends WithApiServer {
  private static final String ENDPOINTS = "/webhooks/v1/endpoints";

  private LogRows rows;
  private HttpCall acme;
  private HttpCall other;
  private String endpointId;
  private long endpoint;

  @BeforeEach
  void startEmpty() throws Exception {
    rows = new LogRows(server);
    rows.clear();
    acme = server.as(server.key(server.acme, DELIVERIES_READ, ENDPOINTS_WRITE));
    other = server.as(server.key(server.other, DELIVERIES_READ));
    endpointId = create();
    endpoint = PublicId.ENDPOINT.parse(endpointId).getAsLong();
  }

  private String create() throws Exception {
    return acme.post(
            ENDPOINTS, "{\"url\":\"https://x.example/\",\"eventTypeFilters\":[\"vault.done\"]}")
        .ok(201)
        .json("endpoint")
        .getString("id");
  }

  private HttpCall.Answer feed(String query) throws Exception {
    return acme.get(ENDPOINTS + "/" + endpointId + "/deliveries" + query);
  }

  private static List<String> ids(HttpCall.Answer answer) {
    return answer.ok(200).list("deliveries").stream()
        .map(item -> ((JsonObject) item).getString("id"))
        .toList();
  }

  private String id(long event) {
    return new DeliveryId(event, endpoint).toString();
  }

  @Test
  void aReceiverPullsWhatItMissedWithTheDataAsPosted() throws Exception {
    long one = rows.uncommitted(server.acme, "vault.done", "{\"b\" : 1.0,\"a\":[ ]}", endpoint, 5);
    long two = rows.event(server.acme, "vault.done", 5);
    long three = rows.event(server.acme, "vault.done", endpoint);
    rows.attempt(one, endpoint, 1, LogRows.FAILED, 500);
    rows.attempt(three, endpoint, 1, LogRows.DELIVERED, 200);
    rows.uncommitted(server.acme, "vault.done", "{}", endpoint);
    var all = feed("?after=start");
    assertThat(ids(all)).containsExactly(id(one), id(three)).doesNotContain(id(two));
    assertThat(all.text()).contains("\"data\":{\"b\" : 1.0,\"a\":[ ]}}");
    JsonObject first = all.list("deliveries").getJsonObject(0);
    assertThat(first.getString("status")).isEqualTo("failed");
    assertThat(first.getJsonObject("event").getString("type")).isEqualTo("vault.done");
    assertThat(first.getJsonObject("event").getString("occurredAt"))
        .isEqualTo("2026-01-01T00:00:00.000Z");
    assertThat(ids(feed(""))).containsExactly(id(one), id(three));
    assertThat(ids(feed("?status=failed"))).containsExactly(id(one));
    assertThat(ids(feed("?status=delivered"))).containsExactly(id(three));
    assertThat(ids(feed("?status=pending"))).isEmpty();
  }

  @Test
  void theFeedOfAnEndpointGoesOnWhereItEnded() throws Exception {
    long one = rows.event(server.acme, "vault.done", endpoint);
    long two = rows.event(server.acme, "vault.done", endpoint);
    var first = feed("?limit=1");
    assertThat(ids(first)).containsExactly(id(one));
    assertThat(first.json().getBoolean("hasMore")).isTrue();
    var second = feed("?limit=1&after=" + first.json().getString("nextCursor"));
    assertThat(ids(second)).containsExactly(id(two));
    assertThat(second.json().getBoolean("hasMore")).isFalse();
    String cursor = second.json().getString("nextCursor");
    assertThat(ids(feed("?after=" + cursor))).isEmpty();
    long three = rows.event(server.acme, "vault.done", endpoint);
    assertThat(ids(feed("?after=" + cursor))).containsExactly(id(three));
  }

  @Test
  void largeDataMakesShortPages() throws Exception {
    String large = "\"" + "x".repeat(3 << 20) + "\"";
    long one = rows.uncommitted(server.acme, "vault.done", large, endpoint);
    rows.uncommitted(server.acme, "vault.done", large, endpoint);
    long three = rows.event(server.acme, "vault.done", endpoint);
    var page = feed("");
    assertThat(ids(page)).hasSize(2).startsWith(id(one));
    assertThat(page.json().getBoolean("hasMore")).isTrue();
    assertThat(ids(feed("?after=" + page.json().getString("nextCursor"))))
        .containsExactly(id(three));
  }

  @Test
  void theCursorOfAnotherEndpointIsRefusedAndAForeignEndpointIsUnknown() throws Exception {
    rows.event(server.acme, "vault.done", endpoint);
    String cursor = feed("").json().getString("nextCursor");
    acme.get(ENDPOINTS + "/" + create() + "/deliveries?after=" + cursor).fault("/query/after");
    String events = acme.get("/webhooks/v1/events?after=start").json().getString("nextCursor");
    feed("?after=" + events).fault("/query/after");
    other.get(ENDPOINTS + "/" + endpointId + "/deliveries").problem(404);
    other.get(ENDPOINTS + "/" + endpointId + "/stats").problem(404);
    acme.get(ENDPOINTS + "/nobody/stats").problem(404);
  }

  @Test
  void anEndpointInNumbers() throws Exception {
    long one = rows.event(server.acme, "vault.done", endpoint);
    long two = rows.event(server.acme, "vault.done", endpoint, 5);
    rows.attempt(one, endpoint, 1, LogRows.RETRYING, 500);
    rows.attempt(one, endpoint, 2, LogRows.DELIVERED, 200);
    rows.attempt(two, endpoint, 1, LogRows.DELIVERED, 200);
    rows.attempt(two, 5, 1, LogRows.FAILED, 500);
    JsonObject stats = acme.get(ENDPOINTS + "/" + endpointId + "/stats").ok(200).json("stats");
    assertThat(stats.getJsonObject("attempts"))
        .isEqualTo(new JsonObject("{\"delivered\":2,\"retrying\":1,\"failed\":0,\"discarded\":0}"));
    assertThat(stats.getJsonObject("latencyMs"))
        .isEqualTo(new JsonObject("{\"p50\":1.0,\"p95\":2.0,\"p99\":2.0}"));
    assertThat(stats.getValue("oldestPendingSeconds")).isNull();
    assertThat(stats.getValue("countedSince")).isNull();
    rows.deferred(two, endpoint, 1);
    stats = acme.get(ENDPOINTS + "/" + endpointId + "/stats").ok(200).json("stats");
    assertThat(stats.getDouble("oldestPendingSeconds")).isNotNegative();
    stats =
        acme.get(
                ENDPOINTS
                    + "/"
                    + endpointId
                    + "/stats?since=2025-01-01T00:00:00Z"
                    + "&until=2025-02-01T00:00:00Z")
            .ok(200)
            .json("stats");
    assertThat(stats.getJsonObject("attempts").getInteger("delivered")).isZero();
    assertThat(stats.getJsonObject("latencyMs").getValue("p50")).isNull();
    acme.get(ENDPOINTS + "/" + endpointId + "/stats?since=2090-01-01T00:00:00Z")
        .fault("/query/since");
  }
}
