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

  /** Whether the endpoint was not active when its channel was made. */
  boolean wasOff(Endpoint endpoint) {
    Channel channel = open.get(endpoint.id());
    return channel != null && channel.endpoint().status() != Endpoint.Status.ACTIVE;
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
