package dev.posthaste.api;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.ResourceScopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Set;
import java.util.TreeMap;

/** An endpoint as answers show it. */
final class EndpointView {
  private EndpointView() {}

  static JsonObject of(Endpoint endpoint) {
    return new JsonObject()
        .put("id", PublicId.ENDPOINT.format(endpoint.id()))
        .put("uid", endpoint.uid().orElse(null))
        .put("url", endpoint.url())
        .put("description", endpoint.description().orElse(null))
        .put(
            "eventTypeFilters",
            new JsonArray(endpoint.eventTypeFilters().stream().map(EventFilter::text).toList()))
        .put("resourceScopes", scopes(endpoint.resourceScopes()))
        .put("status", endpoint.status().code())
        .put("disabledReason", endpoint.disabledReason().orElse(null))
        .put("contract", endpoint.contract().orElse(null))
        .put("headers", headers(endpoint))
        .put("rateLimit", endpoint.rateLimit().map(EndpointView::limit).orElse(null))
        .put("maxConcurrency", endpoint.maxConcurrency().orElse(null))
        .put("ordering", DeliveryForm.orderingView(endpoint))
        .put("retryDelaysSec", DeliveryForm.retryDelaysView(endpoint))
        .put("traceContext", endpoint.traceContext())
        .put("consecutiveFailures", endpoint.consecutiveFailures())
        .put("lastFailureAt", Times.textOrNull(endpoint.lastFailureAt()))
        .put("missedEvents", endpoint.missedEvents())
        .put("createdAt", Times.text(endpoint.createdAt()))
        .put("updatedAt", Times.text(endpoint.updatedAt()))
        .put("metadata", new JsonObject(new TreeMap<>(endpoint.metadata())));
  }

  private static JsonObject scopes(ResourceScopes scopes) {
    return new JsonObject()
        .put("vaultIds", sorted(scopes.vaultIds()))
        .put("matterIds", sorted(scopes.matterIds()));
  }

  private static JsonArray sorted(Set<String> texts) {
    return new JsonArray(texts.stream().sorted().toList());
  }

  private static JsonObject headers(Endpoint endpoint) {
    JsonObject headers = new JsonObject();
    new TreeMap<>(endpoint.headers())
        .forEach((name, value) -> headers.put(name, HeaderRules.shown(name, value)));
    return headers;
  }

  private static JsonObject limit(Endpoint.RateLimit limit) {
    return new JsonObject().put("count", limit.count()).put("perSeconds", limit.perSeconds());
  }
}
