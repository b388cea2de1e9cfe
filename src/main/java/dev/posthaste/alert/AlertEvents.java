package dev.posthaste.alert;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Tenant;
import dev.posthaste.registry.Registry;
import io.vertx.core.json.JsonObject;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes the events that tell of endpoints, with their targets as this node knows them now; none
 * where nobody subscribes. For any event loop.
 */
final class AlertEvents {
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Registry registry;
  private final Clock clock;

  AlertEvents(Registry registry, Clock clock) {
    this.registry = registry;
    this.clock = clock;
  }

  /** Whether any operator subscribes to it. */
  boolean isWanted(AlertType type) {
    return operations().map(tenant -> !targets(tenant, type.code()).isEmpty()).orElse(false);
  }

  /** Whether the endpoint is an operator's own: nothing is told of those, or it would never end. */
  boolean isOperators(Endpoint endpoint) {
    return operations().filter(tenant -> tenant.id() == endpoint.tenantId()).isPresent();
  }

  private Optional<Tenant> operations() {
    return registry.tenant(Alerts.TENANT);
  }

  /** For the operators. */
  List<Event> forOperators(AlertType type, Endpoint endpoint, JsonObject details) {
    return operations()
        .filter(tenant -> tenant.id() != endpoint.tenantId())
        .map(
            tenant ->
                event(
                    tenant,
                    type.code(),
                    targets(tenant, type.code()),
                    described(endpoint).mergeIn(details)))
        .orElseGet(List::of);
  }

  /** For the other endpoints of the endpoint's own tenant. */
  List<Event> forTenant(String type, Endpoint endpoint, JsonObject data) {
    return registry
        .tenant(endpoint.tenantId())
        .map(
            tenant ->
                event(
                    tenant,
                    type,
                    targets(tenant, type).stream().filter(id -> id != endpoint.id()).toList(),
                    data))
        .orElseGet(List::of);
  }

  private List<Long> targets(Tenant tenant, String type) {
    return registry.targets(tenant, type, Optional.empty());
  }

  private List<Event> event(Tenant tenant, String type, List<Long> targets, JsonObject data) {
    return targets.isEmpty()
        ? List.of()
        : List.of(
            new Event(
                Event.UNNUMBERED,
                tenant.id(),
                type,
                clock.millis(),
                Optional.empty(),
                Optional.empty(),
                Payload.of(data.encode()),
                Optional.empty(),
                targets));
  }

  /** What every event for operators says. */
  private JsonObject described(Endpoint endpoint) {
    String tenant =
        registry
            .tenant(endpoint.tenantId())
            .map(Tenant::uid)
            .orElseGet(() -> PublicId.TENANT.format(endpoint.tenantId()));
    return new JsonObject()
        .put("tenant", tenant)
        .put("endpointId", PublicId.ENDPOINT.format(endpoint.id()))
        .put("url", withoutQuery(endpoint.url()));
  }

  /** Queries may hold what only the receiver should know. */
  private static String withoutQuery(String url) {
    int query = url.indexOf('?');
    return query < 0 ? url : url.substring(0, query);
  }

  static String time(Instant time) {
    return TIME.format(time);
  }

  static String timeOrNull(Optional<Instant> time) {
    return time.map(AlertEvents::time).orElse(null);
  }
}
