package dev.posthaste.dispatch;

import dev.posthaste.contract.Contracts;
import dev.posthaste.event.Endpoint;
import dev.posthaste.registry.Registry;
import java.util.HashMap;
import java.util.Map;

/** The channels of one event loop, made at first use and anew when an endpoint changes. */
final class Channels {
  private final Registry registry;
  private final Contracts contracts;
  private final boolean httpAllowed;
  private final Map<Long, Channel> open = new HashMap<>();

  Channels(Registry registry, Contracts contracts, boolean httpAllowed) {
    this.registry = registry;
    this.contracts = contracts;
    this.httpAllowed = httpAllowed;
  }

  /** The way to an endpoint as it stands; null if it or its tenant is new here or has changed. */
  Channel current(Endpoint endpoint) {
    Channel channel = open.get(endpoint.id());
    return channel != null
            && channel.isFor(endpoint, registry.tenant(endpoint.tenantId()).orElse(null))
        ? channel
        : null;
  }

  /** Whether another version of the endpoint was sent to; false if none was. */
  boolean hasChanged(Endpoint endpoint) {
    return open.containsKey(endpoint.id()) && current(endpoint) == null;
  }

  /**
   * Whether what was learnt of the endpoint says nothing of it as it is now: it was not active, or
   * elsewhere; or it was given up, and somebody has changed anything about it.
   */
  boolean beginsAnew(Endpoint endpoint, boolean wasGivenUp) {
    Channel channel = open.get(endpoint.id());
    if (channel == null || endpoint.status() != Endpoint.Status.ACTIVE) {
      return false;
    }
    Endpoint before = channel.endpoint();
    return before.status() != Endpoint.Status.ACTIVE
        || !before.url().equals(endpoint.url())
        || (wasGivenUp && !before.updatedAt().equals(endpoint.updatedAt()));
  }

  /**
   * Makes the way to an endpoint, in the place of the one before.
   *
   * @throws IllegalArgumentException if the endpoint cannot be sent to as it stands
   */
  Channel open(Endpoint endpoint) {
    Channel channel =
        Channel.open(
            endpoint,
            registry
                .tenant(endpoint.tenantId())
                .orElseThrow(() -> new IllegalArgumentException("its tenant is gone")),
            contracts,
            httpAllowed);
    open.put(endpoint.id(), channel);
    return channel;
  }

  void forget(long endpointId) {
    open.remove(endpointId);
  }

  /** Whether none is open. */
  boolean isEmpty() {
    return open.isEmpty();
  }
}
