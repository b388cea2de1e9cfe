package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.ResourceScopes;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DirectSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the endpoint that a delivery goes to: one that was created, or one that is made from the
 * destination which its event brought. The latter is remembered while its lane is, and made anew
 * when its tenant or the tenant's secrets have changed. Belongs to one event loop.
 */
final class Destinations {
  private final Registry registry;
  private final DirectSettings limits;
  private final Map<Long, Made> made = new HashMap<>();

  Destinations(Registry registry, DirectSettings limits) {
    this.registry = registry;
    this.limits = limits;
  }

  /** The endpoint as it is now; empty if it, or its tenant, was deleted. */
  Optional<Endpoint> of(Delivery delivery) {
    return DirectTarget.is(delivery.endpointId())
        ? direct(delivery)
        : registry.endpoint(delivery.endpointId());
  }

  /** Whether its endpoint was enabled again since it waits, and does not want it any more. */
  boolean hasDropped(Delivery delivery) {
    return registry
        .endpoint(delivery.endpointId())
        .filter(endpoint -> endpoint.hasDropped(delivery))
        .isPresent();
  }

  /** Nothing more goes there. */
  void forget(long endpointId) {
    made.remove(endpointId);
  }

  /** Whether it remembers none. */
  boolean isEmpty() {
    return made.isEmpty();
  }

  private Optional<Endpoint> direct(Delivery delivery) {
    return delivery
        .event()
        .directUrl()
        .flatMap(
            url ->
                registry
                    .tenant(delivery.event().tenantId())
                    .map(tenant -> endpoint(delivery.endpointId(), tenant, url)));
  }

  private Endpoint endpoint(long id, Tenant tenant, String url) {
    List<SigningSecret> secrets = registry.directSecrets(tenant.id());
    Made known = made.get(id);
    if (known == null || !known.isFor(tenant, secrets, url)) {
      known = new Made(tenant, make(id, tenant, url, secrets));
      made.put(id, known);
    }
    return known.endpoint;
  }

  private Endpoint make(long id, Tenant tenant, String url, List<SigningSecret> secrets) {
    return new Endpoint(
        id,
        tenant.id(),
        Optional.empty(),
        url,
        Optional.empty(),
        List.of(),
        ResourceScopes.ALL,
        Optional.empty(),
        Endpoint.Status.ACTIVE,
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        limits.perSecondPerUrl() == 0
            ? Optional.empty()
            : Optional.of(new Endpoint.RateLimit(limits.perSecondPerUrl(), 1)),
        Optional.of(limits.maxInFlightPerUrl()),
        Optional.empty(),
        Optional.empty(),
        false,
        secrets,
        0,
        Optional.empty(),
        0,
        Optional.empty(),
        Instant.EPOCH,
        Instant.EPOCH,
        Map.of());
  }

  /** Also compares the URL: of two that have one id, each delivery goes to its own. */
  private record Made(Tenant tenant, Endpoint endpoint) {
    boolean isFor(Tenant current, List<SigningSecret> secrets, String url) {
      return tenant.equals(current)
          && endpoint.secrets().equals(secrets)
          && endpoint.url().equals(url);
    }
  }
}
