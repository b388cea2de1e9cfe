package dev.posthaste.api;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.ResourceScopes;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Makes an endpoint from a checked body. What the body leaves out stays; null clears. */
final class EndpointForm {
  private final JsonObject body;

  private EndpointForm(JsonObject body) {
    this.body = body;
  }

  static Endpoint create(ApiCall call, long id, Instant now) {
    Endpoint blank =
        new Endpoint(
            id,
            call.tenant().id(),
            Optional.empty(),
            "",
            Optional.empty(),
            List.of(),
            ResourceScopes.ALL,
            Optional.empty(),
            Endpoint.Status.ACTIVE,
            Optional.empty(),
            Optional.empty(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            List.of(),
            0,
            Optional.empty(),
            0,
            Optional.empty(),
            now,
            now,
            Map.of());
    return change(blank, call);
  }

  static Endpoint change(Endpoint base, ApiCall call) {
    return new EndpointForm(call.body()).apply(base, call.key());
  }

  private Endpoint apply(Endpoint base, ApiKey key) {
    return new Endpoint(
        base.id(),
        base.tenantId(),
        optional("uid", base.uid(), JsonObject::getString),
        body.getString("url", base.url()),
        optional("description", base.description(), JsonObject::getString),
        filters(base),
        value("resourceScopes", base.resourceScopes(), ResourceScopes.ALL, EndpointForm::scopes),
        keyScopes(base, key),
        status(base),
        body.containsKey("status") ? Optional.empty() : base.disabledReason(),
        optional("contract", base.contract(), JsonObject::getString),
        value("headers", base.headers(), Map.of(), EndpointForm::strings),
        optional("rateLimit", base.rateLimit(), EndpointForm::rateLimit),
        optional("maxConcurrency", base.maxConcurrency(), JsonObject::getInteger),
        DeliveryForm.ordering(body, base),
        DeliveryForm.retryDelays(body, base),
        DeliveryForm.traceContext(body, base),
        base.secrets(),
        isActivated() ? 0 : base.consecutiveFailures(),
        base.lastFailureAt(),
        base.missedEvents(),
        base.droppedBefore(),
        base.createdAt(),
        base.updatedAt(),
        value("metadata", base.metadata(), Map.of(), EndpointForm::strings));
  }

  private boolean isActivated() {
    return "active".equals(body.getString("status"));
  }

  private Endpoint.Status status(Endpoint base) {
    if (!body.containsKey("status")) {
      return base.status();
    }
    return isActivated() ? Endpoint.Status.ACTIVE : Endpoint.Status.DISABLED;
  }

  private List<EventFilter> filters(Endpoint base) {
    JsonArray filters = body.getJsonArray("eventTypeFilters");
    return filters == null
        ? base.eventTypeFilters()
        : filters.stream().map(text -> new EventFilter((String) text)).distinct().toList();
  }

  /**
   * Filters cover what the key that set them may receive. A key that only moves the endpoint to
   * another URL cannot take more there than it may receive itself.
   */
  private Optional<Set<String>> keyScopes(Endpoint base, ApiKey key) {
    if (body.containsKey("eventTypeFilters")) {
      return key.scopes();
    }
    if (!body.containsKey("url") || key.scopes().isEmpty()) {
      return base.keyScopes();
    }
    Set<String> own = key.scopes().get();
    return Optional.of(
        base.keyScopes()
            .map(had -> had.stream().filter(own::contains).collect(Collectors.toSet()))
            .orElse(own));
  }

  private <T> Optional<T> optional(String name, Optional<T> before, Getter<T> getter) {
    return body.containsKey(name) ? Optional.ofNullable(getter.get(body, name)) : before;
  }

  private <T> T value(String name, T before, T cleared, Function<JsonObject, T> reader) {
    if (!body.containsKey(name)) {
      return before;
    }
    JsonObject given = body.getJsonObject(name);
    return given == null ? cleared : reader.apply(given);
  }

  private static Endpoint.RateLimit rateLimit(JsonObject body, String name) {
    JsonObject limit = body.getJsonObject(name);
    return limit == null
        ? null
        : new Endpoint.RateLimit(limit.getInteger("count"), limit.getInteger("perSeconds"));
  }

  private static ResourceScopes scopes(JsonObject given) {
    return new ResourceScopes(ids(given, "vaultIds"), ids(given, "matterIds"));
  }

  private static Set<String> ids(JsonObject given, String name) {
    JsonArray ids = given.getJsonArray(name);
    return ids == null
        ? Set.of()
        : ids.stream().map(String.class::cast).collect(Collectors.toUnmodifiableSet());
  }

  private static Map<String, String> strings(JsonObject given) {
    Map<String, String> strings = new LinkedHashMap<>();
    given.forEach(entry -> strings.put(entry.getKey(), (String) entry.getValue()));
    return strings;
  }

  @FunctionalInterface
  private interface Getter<T> {
    T get(JsonObject json, String name);
  }
}
