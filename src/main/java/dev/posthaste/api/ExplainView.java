package dev.posthaste.api;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.EndpointNotice;
import dev.posthaste.event.Event;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.EventType;
import dev.posthaste.event.PublicId;
import dev.posthaste.store.DeliveryRecord;
import dev.posthaste.store.DeliveryRecord.AttemptRecord;
import dev.posthaste.store.DeliveryRecord.State;
import dev.posthaste.store.ExplainStore.Subscriber;
import dev.posthaste.store.ExplainStore.Wait;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of endpoints in an event as answers show it.
 *
 * @param notices the types of events that tell of endpoints
 * @param attempts by endpoint
 * @param waits by endpoint
 */
record ExplainView(
    Event event,
    Optional<EventType> entry,
    Set<String> notices,
    Map<Long, List<AttemptRecord>> attempts,
    Map<Long, Wait> waits) {

  JsonObject of(Subscriber endpoint) {
    Explanation why = new Explanation(event, entry, endpoint, isAbout(endpoint));
    DeliveryRecord delivery = delivery(endpoint.id());
    return new JsonObject()
        .put("endpointId", PublicId.ENDPOINT.format(endpoint.id()))
        .put("uid", endpoint.uid().orElse(null))
        .put("target", why.isTarget())
        .put("code", why.code().name().toLowerCase(Locale.ROOT))
        .put("words", why.words())
        .put("matchesNow", why.matchesNow())
        .put("changedSince", why.changedSince())
        .put("rules", rules(why))
        .put("endpoint", setUp(endpoint))
        .put("delivery", why.isTarget() ? DeliveryView.of(delivery, tried(endpoint.id())) : null)
        .put("waitsFor", why.isTarget() ? waitsFor(delivery) : null);
  }

  private boolean isAbout(Subscriber endpoint) {
    return EndpointNotice.isOf(event, endpoint.id(), notices);
  }

  /** The destination that the event brought; null if it brought none. */
  JsonObject direct() {
    return event
        .directUrl()
        .map(url -> direct(url, delivery(DirectTarget.id(event.tenantId(), url))))
        .orElse(null);
  }

  private JsonObject direct(String url, DeliveryRecord delivery) {
    return new JsonObject()
        .put("clientWebhookUrl", url)
        .put("words", "The event brought this destination itself; it went there whatever its type.")
        .put("delivery", DeliveryView.of(delivery, tried(delivery.id().endpointId())))
        .put("waitsFor", waitsFor(delivery));
  }

  private JsonObject waitsFor(DeliveryRecord delivery) {
    return delivery.state() == State.PENDING
        ? WaitWords.of(Optional.ofNullable(waits.get(delivery.id().endpointId())))
        : null;
  }

  private List<AttemptRecord> tried(long endpointId) {
    return attempts.getOrDefault(endpointId, List.of());
  }

  private static JsonObject rules(Explanation why) {
    return new JsonObject()
        .put("filter", why.filter().map(EventFilter::text).orElse(null))
        .put("keyScope", why.keyScopeAdmits())
        .put("resourceScope", why.resourceScopeAdmits());
  }

  private static JsonObject setUp(Subscriber endpoint) {
    return new JsonObject()
        .put("status", endpoint.status().code())
        .put("disabledReason", endpoint.disabledReason().orElse(null))
        .put("createdAt", Times.text(endpoint.createdAt()))
        .put("updatedAt", Times.text(endpoint.updatedAt()))
        .put("deletedAt", Times.textOrNull(endpoint.deletedAt()));
  }

  private DeliveryRecord delivery(long endpointId) {
    List<AttemptRecord> made = tried(endpointId);
    return DeliveryRecord.of(
        new DeliveryId(event.id(), endpointId),
        event.type(),
        DirectTarget.is(endpointId) ? event.directUrl() : Optional.empty(),
        made.isEmpty() ? Optional.empty() : Optional.of(made.getLast()),
        Optional.ofNullable(waits.get(endpointId)).map(Wait::dueAt));
  }
}
