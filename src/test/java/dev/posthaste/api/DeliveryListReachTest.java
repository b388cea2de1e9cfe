package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.PublicId;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** One delivery of each kind that is rare lies below some thousand that went well. */
class DeliveryListReachTest extends WithApiServer {
  private static final int BUSY = 1;
  private static final int RARE = 2;
  private static final int THOUSANDS = 7_000;

  private HttpCall acme;
  private String failed;
  private String waiting;
  private String rare;

  @BeforeAll
  void fill() throws Exception {
    LogRows rows = new LogRows(server);
    acme = server.as(server.key(server.acme, DELIVERIES_READ));
    long one = rows.event(server.acme, "vault.done", BUSY);
    long two = rows.event(server.acme, "vault.done", BUSY);
    long three = rows.event(server.acme, "vault.rare", RARE);
    rows.attempt(one, BUSY, 1, LogRows.FAILED, 404);
    rows.attempt(two, BUSY, 1, LogRows.RETRYING, 503);
    rows.deferred(two, BUSY, 1);
    rows.attempt(three, RARE, 1, LogRows.DELIVERED, 200);
    failed = new DeliveryId(one, BUSY).toString();
    waiting = new DeliveryId(two, BUSY).toString();
    rare = new DeliveryId(three, RARE).toString();
    long above = server.ids.next();
    server.sql(
        "INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets)"
            + " SELECT %d + n, %d, 'vault.done', 0, '1', '{%d}' FROM generate_series(1, %d) n"
                .formatted(above, server.acme.id(), BUSY, THOUSANDS),
        "INSERT INTO attempt (event_id, endpoint_id, attempt_no, outcome, trigger, http_status,"
            + " latency_us, at_ms) SELECT %d + n, %d, 1, 1, 1, 200, 1000, 0".formatted(above, BUSY)
            + " FROM generate_series(1, %d) n".formatted(THOUSANDS),
        "UPDATE node SET settled_below = " + (above + THOUSANDS + 1),
        "ANALYZE event, attempt, deferred");
  }

  private HttpCall.Answer list(String query) throws Exception {
    return acme.get("/webhooks/v1/deliveries" + query).ok(200);
  }

  private static List<String> ids(HttpCall.Answer answer) {
    return answer.list("deliveries").stream()
        .map(item -> ((JsonObject) item).getString("id"))
        .toList();
  }

  @Test
  void whatFailedIsFoundAtOnceHoweverFarBackItIs() throws Exception {
    for (String query :
        List.of(
            "?status=failed",
            "?status=failed&endpoint_id=" + endpoint(BUSY),
            "?http_status=404",
            "?http_status=404&event_type=vault.done")) {
      var answer = list(query);
      assertThat(ids(answer)).as(query).containsExactly(failed);
      assertThat(answer.json().containsKey("nextCursor")).as(query).isFalse();
    }
    assertThat(ids(list("?http_status=503"))).containsExactly(waiting);
    assertThat(ids(list("?status=failed&endpoint_id=" + endpoint(RARE)))).isEmpty();
  }

  @Test
  void whatWaitsIsFoundAtOnceHoweverFarBackItIs() throws Exception {
    for (String query :
        List.of("?status=pending", "?status=pending&endpoint_id=" + endpoint(BUSY))) {
      var answer = list(query);
      assertThat(ids(answer)).as(query).containsExactly(waiting);
      assertThat(answer.json().containsKey("nextCursor")).as(query).isFalse();
    }
  }

  @Test
  void whoFollowsTheCursorOverShortPagesFindsEverything() throws Exception {
    for (String query :
        List.of("?endpoint_id=" + endpoint(RARE), "?event_type=vault.rare&status=delivered")) {
      List<String> found = new ArrayList<>();
      String cursor = "";
      while (cursor != null) {
        var page = list(query + cursor);
        found.addAll(ids(page));
        String next = page.json().getString("nextCursor");
        cursor = next == null ? null : "&cursor=" + next;
      }
      assertThat(found).as(query).containsExactly(rare);
    }
  }

  private static String endpoint(long id) {
    return PublicId.ENDPOINT.format(id);
  }
}
