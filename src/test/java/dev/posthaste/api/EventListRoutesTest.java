package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.PublicId;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventListRoutesTest extends WithApiServer {
  private static final String EVENTS = "/webhooks/v1/events";

  private LogRows rows;
  private HttpCall acme;
  private HttpCall other;

  @BeforeEach
  void startEmpty() throws Exception {
    rows = new LogRows(server);
    rows.clear();
    acme = server.as(server.key(server.acme, DELIVERIES_READ));
    other = server.as(server.key(server.other, DELIVERIES_READ));
  }

  private static List<String> ids(HttpCall.Answer answer) {
    return answer.ok(200).list("events").stream()
        .map(item -> ((JsonObject) item).getString("id"))
        .toList();
  }

  private List<String> ids(String query) throws Exception {
    return ids(acme.get(EVENTS + query));
  }

  private static String id(long event) {
    return PublicId.EVENT.format(event);
  }

  @Test
  void anEventStandsAsItsDeliveriesStand() throws Exception {
    long event = rows.event(server.acme, "vault.done", 1, 2, 3);
    rows.attempt(event, 1, 1, LogRows.DELIVERED, 200);
    rows.attempt(event, 2, 1, LogRows.FAILED, 500);
    JsonObject pending = acme.get(EVENTS).ok(200).list("events").getJsonObject(0);
    assertThat(pending.getString("state")).isEqualTo("pending");
    assertThat(pending.getJsonObject("deliveries"))
        .isEqualTo(new JsonObject("{\"pending\":1,\"delivered\":1,\"failed\":1}"));
    rows.attempt(event, 3, 1, LogRows.DELIVERED, 200);
    rows.event(server.acme, "vault.done");
    var states =
        acme.get(EVENTS).ok(200).list("events").stream()
            .map(item -> ((JsonObject) item).getString("state"))
            .toList();
    assertThat(states).containsExactly("unmatched", "failed");
  }

  @Test
  void theListIsNewestFirstAndNarrowedByTypeAndTime() throws Exception {
    long one = rows.event(server.acme, "a");
    long two = rows.event(server.acme, "b");
    long three = rows.uncommitted(server.acme, "a", "{}");
    rows.event(server.other, "a");
    assertThat(ids("")).containsExactly(id(three), id(two), id(one));
    assertThat(ids("?type=a")).containsExactly(id(three), id(one));
    assertThat(ids("?type=none")).isEmpty();
    assertThat(ids("?since=2090-01-01T00:00:00Z")).isEmpty();
    assertThat(ids("?until=2090-01-01T00:00:00Z")).hasSize(3);
    assertThat(ids("?limit=2")).containsExactly(id(three), id(two));
    assertThat(acme.get(EVENTS + "?limit=3").json().containsKey("nextCursor")).isFalse();
    acme.get(EVENTS + "?since=yesterday").fault("/query/since");
  }

  @Test
  void theFeedShowsNothingAboveTheHorizonAndGoesOnThereLater() throws Exception {
    long one = rows.event(server.acme, "a");
    long late = server.ids.next();
    long early = rows.uncommitted(server.acme, "a", "{}");
    var first = acme.get(EVENTS + "?after=start");
    assertThat(ids(first)).containsExactly(id(one));
    assertThat(first.json().getBoolean("hasMore")).isFalse();
    String cursor = first.json().getString("nextCursor");
    assertThat(ids("?after=" + cursor)).isEmpty();
    rows.insert(late, server.acme, "a", "{}");
    rows.horizon(early + 1);
    var second = acme.get(EVENTS + "?after=" + cursor);
    assertThat(ids(second)).containsExactly(id(late), id(early));
    var third = acme.get(EVENTS + "?after=" + second.json().getString("nextCursor"));
    assertThat(ids(third)).isEmpty();
    assertThat(third.json().getString("nextCursor"))
        .isEqualTo(second.json().getString("nextCursor"));
  }

  @Test
  void aFeedBeginsWithTheOldestEventOrNow() throws Exception {
    long one = rows.event(server.acme, "a");
    assertThat(ids("?after=")).containsExactly(id(one));
    var now = acme.get(EVENTS + "?after=now");
    assertThat(ids(now)).isEmpty();
    long two = rows.event(server.acme, "a");
    assertThat(ids("?after=" + now.json().getString("nextCursor"))).containsExactly(id(two));
    assertThat(ids(other.get(EVENTS + "?after=start"))).isEmpty();
  }

  @Test
  void withoutAHorizonTheFeedWaits() throws Exception {
    rows.uncommitted(server.acme, "a", "{}");
    var answer = acme.get(EVENTS + "?after=start");
    assertThat(ids(answer)).isEmpty();
    long event = rows.event(server.acme, "b");
    assertThat(ids("?after=" + answer.json().getString("nextCursor")))
        .hasSize(2)
        .contains(id(event));
  }

  @Test
  void cursorsOfOtherListsAreRefused() throws Exception {
    rows.event(server.acme, "a", 1, 2);
    rows.event(server.acme, "a", 1, 2);
    String list = acme.get(EVENTS + "?limit=1").json().getString("nextCursor");
    String feed = acme.get(EVENTS + "?after=start").json().getString("nextCursor");
    String deliveries = acme.get("/webhooks/v1/deliveries?limit=1").json().getString("nextCursor");
    assertThat(ids("?cursor=" + list)).hasSize(1);
    acme.get(EVENTS + "?cursor=" + feed).fault("/query/cursor");
    acme.get(EVENTS + "?cursor=" + deliveries).fault("/query/cursor");
    acme.get(EVENTS + "?after=" + list).fault("/query/after");
    acme.get(EVENTS + "?after=nonsense").fault("/query/after");
    acme.get(EVENTS + "?after=start&cursor=" + list).fault("/query/cursor");
  }

  @Test
  void pagingWhileEventsArriveNeverSkipsOrRepeats() throws Exception {
    Random chance = new Random(7);
    List<String> before = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      before.add(id(rows.event(server.acme, i % 3 == 0 ? "a" : "b", 1, 2)));
    }
    List<String> listed = new ArrayList<>();
    List<String> fed = new ArrayList<>();
    List<String> all = new ArrayList<>(before);
    String cursor = "";
    String after = "start";
    boolean more = true;
    while (more || all.size() > fed.size()) {
      for (int i = chance.nextInt(3); i > 0 && all.size() < 60; i--) {
        all.add(id(rows.event(server.acme, "a", 1)));
      }
      int limit = 1 + chance.nextInt(6);
      if (cursor != null) {
        var page =
            acme.get(EVENTS + "?limit=" + limit + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
        listed.addAll(ids(page));
        cursor = page.json().getString("nextCursor");
      }
      var feed = acme.get(EVENTS + "?limit=" + limit + "&after=" + after);
      fed.addAll(ids(feed));
      after = feed.json().getString("nextCursor");
      more = cursor != null || feed.json().getBoolean("hasMore");
    }
    assertThat(fed).containsExactlyElementsOf(all);
    assertThat(listed).doesNotHaveDuplicates().containsAll(before);
  }

  @Test
  void anEventWithManyTargetsMakesAPageOfItsOwn() throws Exception {
    long[] targets = new long[3_000];
    for (int i = 0; i < targets.length; i++) {
      targets[i] = i + 1L;
    }
    long one = rows.event(server.acme, "a", targets);
    long two = rows.event(server.acme, "a", targets);
    var page = acme.get(EVENTS + "?after=start");
    assertThat(ids(page)).containsExactly(id(one));
    assertThat(page.json().getBoolean("hasMore")).isTrue();
    assertThat(ids("?after=" + page.json().getString("nextCursor"))).containsExactly(id(two));
  }
}
