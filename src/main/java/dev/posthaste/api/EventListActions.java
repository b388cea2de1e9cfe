package dev.posthaste.api;

import dev.posthaste.store.CommitHorizon;
import dev.posthaste.store.EventPages;
import dev.posthaste.store.EventPages.Range;
import dev.posthaste.store.EventPages.Summary;
import dev.posthaste.store.Looked;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;

/** List events: the newest first, or as a feed, the oldest first and none left out. */
final class EventListActions {
  private final EventPages events;
  private final CommitHorizon horizon;

  EventListActions(ApiParts parts) {
    this.events = parts.stores().readers().events();
    this.horizon = parts.stores().readers().horizon();
  }

  Map<String, Action> byOperation() {
    return Map.of("listEvents", this::answer);
  }

  private Future<ApiAnswer> answer(ApiCall call) {
    return call.text("after").isPresent() ? feed(call) : list(call);
  }

  private Future<ApiAnswer> list(ApiCall call) {
    TimeRange times = TimeRange.of(call);
    long below = Cursor.EVENTS.of(call, Long.MAX_VALUE)[0];
    return events
        .list(
            call.tenant().id(),
            new Range(
                times.lowest(),
                Math.min(times.highest(), below - 1),
                false,
                call.text("type"),
                Page.limit(call)))
        .map(found -> Page.answer(found, "events", EventView::of, Cursor.EVENTS::format));
  }

  private Future<ApiAnswer> feed(ApiCall call) {
    TimeRange times = TimeRange.of(call);
    return horizon
        .read()
        .map(read -> FeedStart.of(call, Cursor.EVENT_FEED, read))
        .compose(
            start ->
                events
                    .list(
                        call.tenant().id(),
                        new Range(
                            Math.max(times.lowest(), start.passed() + 1),
                            Math.min(times.highest(), start.highest()),
                            true,
                            call.text("type"),
                            Page.limit(call)))
                    .map(found -> answer(found, start)));
  }

  private static ApiAnswer answer(Looked<Summary, Long> found, FeedStart start) {
    JsonArray items = new JsonArray();
    found.rows().forEach(event -> items.add(EventView.of(event)));
    return ApiAnswer.ok(
        new JsonObject()
            .put("events", items)
            .put("nextCursor", Cursor.EVENT_FEED.format(found.stoppedAt().orElse(start.end())))
            .put("hasMore", found.stoppedAt().isPresent()));
  }
}
