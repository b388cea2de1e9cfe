package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_REPLAY;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.PublicId;
import dev.posthaste.support.Sql;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReplayRouteTest extends WithApiServer {
  private static final String ENDPOINT =
      """
      {"url": "https://example.com/a", "eventTypeFilters": ["vault.*"]}
      """;

  private HttpCall acme;
  private long endpoint;

  @BeforeEach
  void startEmpty() throws Exception {
    acme = server.as(server.key(server.acme, DELIVERIES_READ, DELIVERIES_REPLAY, ENDPOINTS_WRITE));
    server.sql("TRUNCATE event, attempt, deferred");
    JsonObject created = acme.post("/webhooks/v1/endpoints", ENDPOINT).ok(201).json("endpoint");
    endpoint = PublicId.ENDPOINT.parse(created.getString("id")).orElseThrow();
  }

  private long event() throws Exception {
    long id = server.ids.next();
    server.sql(
        "INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets) VALUES (%d, %d,"
                .formatted(id, server.acme.id())
            + " 'vault.done', 1767225600000, '{}', '{%d}')".formatted(endpoint));
    return id;
  }

  private void attempt(long event, int number, int outcome) throws Exception {
    server.sql(
        "INSERT INTO attempt VALUES (%d, %d, %d, %d, 1, 500, NULL, 1500, '203.0.113.7:443', 'oh', 1767225600000)"
            .formatted(event, endpoint, number, outcome));
  }

  private HttpCall.Answer replay(HttpCall as, long event, String body) throws Exception {
    return as.send("POST", path(event) + "/replay", body == null ? null : "application/json", body);
  }

  private String path(long event) {
    return "/webhooks/v1/deliveries/" + new DeliveryId(event, endpoint);
  }

  private List<String> waiting() throws Exception {
    return Sql.column(
        server.url,
        "SELECT attempts || ' ' || trigger || ' ' || reason || ' ' || (due_at <= now()) FROM deferred");
  }

  @Test
  void aDeliveryThatIsOverIsMadeOnceMoreHoweverOftenItIsAskedFor() throws Exception {
    long event = event();
    attempt(event, 1, 2);
    attempt(event, 2, 3);
    JsonObject delivery = replay(acme, event, null).ok(202).json("delivery");
    assertThat(delivery.getString("status")).isEqualTo("pending");
    assertThat(delivery.getString("eventId")).isEqualTo(PublicId.EVENT.format(event));
    replay(acme, event, "{}").ok(202);
    assertThat(waiting()).containsExactly("2 4 10 true");
  }

  @Test
  void aDeliveryThatWaitsGoesNowAndOneUnderWayIsLeftAlone() throws Exception {
    long event = event();
    attempt(event, 1, 2);
    server.sql(
        "INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger) VALUES (%d, %d, 1, now() + interval '1 day', 2)"
            .formatted(event, endpoint));
    replay(acme, event, null).ok(202);
    assertThat(waiting()).containsExactly("1 4 10 true");
    server.sql("UPDATE deferred SET leased_by = 1, trigger = 2, reason = 1");
    replay(acme, event, null).ok(202);
    assertThat(waiting()).containsExactly("1 2 1 true");
    server.sql("DELETE FROM deferred");
    long inMemory = event();
    replay(acme, inMemory, null).ok(202);
    assertThat(waiting()).isEmpty();
  }

  @Test
  void whoAsksForADeliveryThatWaitsDoesNotAskForWhatWasDropped() throws Exception {
    long event = event();
    attempt(event, 1, 2);
    server.sql(
        "INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, put_at) VALUES (%d, %d, 1, now(), 2, 'epoch')"
            .formatted(event, endpoint));
    replay(acme, event, null).ok(202);
    assertThat(Sql.column(server.url, "SELECT put_at > 'epoch' FROM deferred"))
        .containsExactly("t");
  }

  @Test
  void whereThereIsNowhereToSendTheAnswerSaysSo() throws Exception {
    long event = event();
    attempt(event, 1, 3);
    String id = "/webhooks/v1/endpoints/" + PublicId.ENDPOINT.format(endpoint);
    acme.patch(id, "{\"status\": \"disabled\"}").ok(200);
    HttpCall.Answer disabled = replay(acme, event, null);
    assertThat(disabled.problem(409).getString("detail")).contains("active");
    assertThat(disabled.header("x-should-retry")).isEqualTo("false");
    acme.delete(id).ok(204);
    replay(acme, event, null).problem(409);
    assertThat(waiting()).isEmpty();
  }

  @Test
  void itTakesThePermissionAndTheTenant() throws Exception {
    long event = event();
    attempt(event, 1, 3);
    replay(server.as(server.key(server.acme, DELIVERIES_READ)), event, null).problem(403);
    replay(server.as(server.key(server.other, DELIVERIES_REPLAY)), event, null).problem(404);
    acme.post("/webhooks/v1/deliveries/nonsense/replay", "{}").problem(404);
    assertThat(waiting()).isEmpty();
  }
}
