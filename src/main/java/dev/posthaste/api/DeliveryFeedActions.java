package dev.posthaste.api;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.store.CommitHorizon;
import dev.posthaste.store.DeliveryRecord;
import dev.posthaste.store.DeliveryRecord.State;
import dev.posthaste.store.DeliveryStore;
import dev.posthaste.store.DeliveryStore.Filter;
import dev.posthaste.store.DeliveryStore.Window;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.EventPages;
import dev.posthaste.store.EventPages.Body;
import dev.posthaste.store.Looked;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Lets a receiver pull what it missed: deliveries of an endpoint with their events' data. */
final class DeliveryFeedActions {
  /** Of one answer, so that the largest page fits into memory many times over. */
  private static final long MAX_BYTES = 4 << 20;

  private final EndpointStore endpoints;
  private final DeliveryStore deliveries;
  private final EventPages events;
  private final CommitHorizon horizon;

  DeliveryFeedActions(ApiParts parts) {
    this.endpoints = parts.stores().endpoints();
    this.deliveries = parts.stores().deliveries();
    this.events = parts.stores().readers().events();
    this.horizon = parts.stores().readers().horizon();
  }

  Map<String, Action> byOperation() {
    return Map.of("listEndpointDeliveries", this::feed);
  }

  private Future<ApiAnswer> feed(ApiCall call) {
    return OwnEndpoint.find(endpoints, call)
        .compose(
            endpoint ->
                horizon
                    .read()
                    .map(read -> FeedStart.of(call, Cursor.DELIVERY_FEED, read, endpoint))
                    .compose(start -> page(call, endpoint, start)));
  }

  private Future<ApiAnswer> page(ApiCall call, long endpoint, FeedStart start) {
    Filter filter =
        new Filter(
            Optional.of(endpoint),
            Optional.empty(),
            call.text("status").map(code -> State.valueOf(code.toUpperCase(Locale.ROOT))),
            Optional.empty());
    Window window =
        new Window(start.passed() + 1, start.highest(), Window.BOTTOM, true, Page.limit(call));
    long tenant = call.tenant().id();
    return deliveries
        .list(tenant, filter, window)
        .compose(
            found ->
                events
                    .bodies(
                        tenant,
                        found.rows().stream().map(one -> one.id().eventId()).toList(),
                        MAX_BYTES)
                    .map(bodies -> answer(cut(found, bodies), bodies, endpoint, start)));
  }

  /** Up to the last one whose data is there. */
  private static Looked<DeliveryRecord, DeliveryId> cut(
      Looked<DeliveryRecord, DeliveryId> found, Map<Long, Body> bodies) {
    List<DeliveryRecord> whole =
        found.rows().stream().takeWhile(one -> bodies.containsKey(one.id().eventId())).toList();
    if (whole.size() == found.rows().size()) {
      return found;
    }
    // The first one is missing only if its retention has just ended.
    DeliveryId last = whole.isEmpty() ? found.rows().getFirst().id() : whole.getLast().id();
    return new Looked<>(whole, Optional.of(last));
  }

  private static ApiAnswer answer(
      Looked<DeliveryRecord, DeliveryId> found,
      Map<Long, Body> bodies,
      long endpoint,
      FeedStart start) {
    Buffer out = Buffer.buffer("{\"deliveries\":[");
    String comma = "";
    for (DeliveryRecord delivery : found.rows()) {
      out.appendString(comma);
      append(out, delivery, bodies.get(delivery.id().eventId()));
      comma = ",";
    }
    long next = found.stoppedAt().map(DeliveryId::eventId).orElse(start.end());
    return ApiAnswer.ok(
        out.appendString("],\"nextCursor\":\"")
            .appendString(Cursor.DELIVERY_FEED.format(endpoint, next))
            .appendString("\",\"hasMore\":" + found.stoppedAt().isPresent() + "}"));
  }

  /** The data is not parsed, so that not a byte of it changes. */
  private static void append(Buffer out, DeliveryRecord delivery, Body body) {
    long event = delivery.id().eventId();
    JsonObject head =
        new JsonObject()
            .put("id", PublicId.EVENT.format(event))
            .put("type", delivery.eventType())
            .put("occurredAt", Times.text(body.occurredAtMillis()))
            .put("acceptedAt", Times.text(IdGenerator.millisOf(event)));
    out.appendString(open(DeliveryView.of(delivery)))
        .appendString(",\"event\":")
        .appendString(open(head))
        .appendString(",\"data\":")
        .appendBuffer(body.data())
        .appendString("}}");
  }

  private static String open(JsonObject json) {
    String text = json.encode();
    return text.substring(0, text.length() - 1);
  }
}
