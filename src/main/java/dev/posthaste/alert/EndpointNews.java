package dev.posthaste.alert;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Endpoint.Status;
import dev.posthaste.event.EndpointNotice;
import dev.posthaste.event.Event;
import dev.posthaste.event.PublicId;
import dev.posthaste.store.EndpointWitness;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * Tells operators what became of endpoints, and a tenant's other endpoints that one of them was
 * disabled by its contract. For any event loop.
 */
final class EndpointNews implements EndpointWitness {
  private static final Map<String, Function<Endpoint, Object>> FIELDS = fields();

  private final AlertEvents events;
  private final ContractOf contractOf;
  private final Clock clock;

  EndpointNews(AlertEvents events, ContractOf contractOf, Clock clock) {
    this.events = events;
    this.contractOf = contractOf;
    this.clock = clock;
  }

  private static Map<String, Function<Endpoint, Object>> fields() {
    Map<String, Function<Endpoint, Object>> fields = new LinkedHashMap<>();
    fields.put("url", Endpoint::url);
    fields.put("eventTypeFilters", Endpoint::eventTypeFilters);
    fields.put("description", Endpoint::description);
    fields.put("resourceScopes", Endpoint::resourceScopes);
    fields.put("contract", Endpoint::contract);
    fields.put("headers", Endpoint::headers);
    fields.put("rateLimit", Endpoint::rateLimit);
    fields.put("maxConcurrency", Endpoint::maxConcurrency);
    fields.put("ordering", Endpoint::ordering);
    fields.put("retryDelaysSec", Endpoint::retryDelays);
    fields.put("traceContext", Endpoint::traceContext);
    fields.put("uid", Endpoint::uid);
    fields.put("metadata", Endpoint::metadata);
    return fields;
  }

  @Override
  public List<Event> tell(Optional<Endpoint> before, Optional<Endpoint> after) {
    if (before.isEmpty()) {
      return after.map(made -> plain(AlertType.ENDPOINT_CREATED, made)).orElseGet(List::of);
    }
    return after
        .map(now -> changed(before.get(), now))
        .orElseGet(() -> plain(AlertType.ENDPOINT_DELETED, before.get()));
  }

  private List<Event> plain(AlertType type, Endpoint endpoint) {
    return events.forOperators(type, endpoint, new JsonObject());
  }

  private List<Event> changed(Endpoint before, Endpoint after) {
    List<Event> told = new ArrayList<>();
    List<String> fields =
        FIELDS.entrySet().stream()
            .filter(field -> !field.getValue().apply(before).equals(field.getValue().apply(after)))
            .map(Map.Entry::getKey)
            .toList();
    if (!fields.isEmpty()) {
      told.addAll(
          events.forOperators(
              AlertType.ENDPOINT_UPDATED,
              after,
              new JsonObject().put("changed", new JsonArray(fields))));
    }
    if (before.status() != after.status()) {
      told.addAll(after.status() == Status.ACTIVE ? enabled(after) : disabled(after));
    }
    return told;
  }

  private List<Event> enabled(Endpoint endpoint) {
    return plain(AlertType.ENDPOINT_ENABLED, endpoint);
  }

  private List<Event> disabled(Endpoint endpoint) {
    boolean byContract = endpoint.status() == Status.AUTO_DISABLED;
    List<Event> told = new ArrayList<>();
    if (byContract) {
      contractOf
          .endpoint(endpoint)
          .flatMap(contract -> contract.disable().announcement())
          .ifPresent(type -> told.addAll(events.forTenant(type, endpoint, announcement(endpoint))));
    }
    told.addAll(
        events.forOperators(
            AlertType.ENDPOINT_DISABLED,
            endpoint,
            new JsonObject().put("reason", endpoint.disabledReason().orElse("owner"))));
    return told;
  }

  /**
   * Begins as {@link EndpointNotice} says. The failure that made it so may not have been counted
   * yet.
   */
  private JsonObject announcement(Endpoint endpoint) {
    Instant lastFailure = endpoint.lastFailureAt().orElseGet(clock::instant);
    return new JsonObject()
        .put(EndpointNotice.ENDPOINT, PublicId.ENDPOINT.format(endpoint.id()))
        .put("url", endpoint.url())
        .put("consecutiveFailures", Math.max(1, endpoint.consecutiveFailures()))
        .put("lastFailureAt", AlertEvents.time(lastFailure));
  }
}
