package dev.posthaste.registry;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.EventType;
import dev.posthaste.event.Tenant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A tenant and its endpoints at one moment; replaced as a whole when one of them changes. Remembers
 * which endpoints want a type, so that the tenth thousand event of a type costs one look-up.
 */
final class TenantPicture {
  /** A tenant without a catalog may invent types without end. */
  private static final int MAX_REMEMBERED_TYPES = 1_000;

  private final Tenant tenant;
  private final Map<String, EventType> catalog;
  private final Map<Long, Endpoint> endpoints;
  private final boolean hasDisabled;
  private final Map<String, Match> remembered = new ConcurrentHashMap<>();

  /** Made when it is first needed: a picture may be replaced before. */
  private volatile Subscriptions subscriptions;

  TenantPicture(Tenant tenant, Map<String, EventType> catalog, Map<Long, Endpoint> endpoints) {
    this.tenant = tenant;
    this.catalog = catalog;
    this.endpoints = endpoints;
    this.hasDisabled =
        endpoints.values().stream()
            .anyMatch(endpoint -> endpoint.status() != Endpoint.Status.ACTIVE);
  }

  Tenant tenant() {
    return tenant;
  }

  Map<Long, Endpoint> endpoints() {
    return endpoints;
  }

  TenantPicture with(List<Endpoint> changed, boolean present) {
    Map<Long, Endpoint> next = new HashMap<>(endpoints);
    for (Endpoint endpoint : changed) {
      if (present) {
        next.put(endpoint.id(), endpoint);
      } else {
        next.remove(endpoint.id());
      }
    }
    return new TenantPicture(tenant, catalog, next);
  }

  List<Long> targets(String type, Optional<String> resourceId) {
    Match match = match(type);
    return narrowed(match, match.active, type, resourceId);
  }

  /** Endpoints that would get the event if they were not disabled. */
  List<Long> missing(String type, Optional<String> resourceId) {
    if (!hasDisabled) {
      return List.of();
    }
    Match match = match(type);
    return narrowed(match, match.disabled, type, resourceId);
  }

  private Match match(String type) {
    Match known = remembered.get(type);
    if (known != null) {
      return known;
    }
    Optional<EventType> entry = Optional.ofNullable(catalog.get(type));
    boolean hasResource = entry.flatMap(EventType::resource).isPresent();
    Match match = new Match(wanting(type, entry, true), wanting(type, entry, false), !hasResource);
    if (remembered.size() < MAX_REMEMBERED_TYPES) {
      remembered.put(type, match);
    }
    return match;
  }

  private List<Long> wanting(String type, Optional<EventType> entry, boolean active) {
    return subscriptions()
        .of(type)
        .filter(endpoint -> (endpoint.status() == Endpoint.Status.ACTIVE) == active)
        .filter(endpoint -> endpoint.wantsType(type, entry))
        .map(Endpoint::id)
        .sorted()
        .distinct()
        .toList();
  }

  /** Two threads may make it at the same time: both get the same. */
  private Subscriptions subscriptions() {
    Subscriptions made = subscriptions;
    if (made == null) {
      made = new Subscriptions(endpoints.values());
      subscriptions = made;
    }
    return made;
  }

  private List<Long> narrowed(
      Match match, List<Long> ids, String type, Optional<String> resourceId) {
    if (match.whateverTheResource || ids.isEmpty()) {
      return ids;
    }
    var kind = Optional.ofNullable(catalog.get(type)).flatMap(EventType::resource);
    return ids.stream()
        .filter(id -> endpoints.get(id).resourceScopes().admit(kind, resourceId))
        .toList();
  }

  /** Endpoints that want a type, before their resource scopes are asked. */
  private record Match(List<Long> active, List<Long> disabled, boolean whateverTheResource) {}
}
