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
  private final Map<String, Match> remembered = new ConcurrentHashMap<>();

  TenantPicture(Tenant tenant, Map<String, EventType> catalog, Map<Long, Endpoint> endpoints) {
    this.tenant = tenant;
    this.catalog = catalog;
    this.endpoints = endpoints;
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
    Match match = remembered.get(type);
    if (match == null) {
      match = match(type);
      if (remembered.size() < MAX_REMEMBERED_TYPES) {
        remembered.put(type, match);
      }
    }
    return match.whateverTheResource ? match.ids : narrowed(match, type, resourceId);
  }

  private Match match(String type) {
    Optional<EventType> entry = Optional.ofNullable(catalog.get(type));
    boolean hasResource = entry.flatMap(EventType::resource).isPresent();
    List<Long> ids =
        endpoints.values().stream()
            .filter(endpoint -> endpoint.status() == Endpoint.Status.ACTIVE)
            .filter(endpoint -> endpoint.wantsType(type, entry))
            .map(Endpoint::id)
            .sorted()
            .toList();
    return new Match(ids, !hasResource);
  }

  private List<Long> narrowed(Match match, String type, Optional<String> resourceId) {
    var kind = Optional.ofNullable(catalog.get(type)).flatMap(EventType::resource);
    return match.ids.stream()
        .filter(id -> endpoints.get(id).resourceScopes().admit(kind, resourceId))
        .toList();
  }

  /** Endpoints that want a type, before their resource scopes are asked. */
  private record Match(List<Long> ids, boolean whateverTheResource) {}
}
