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

  /**
   * The way to an endpoint.
   *
   * @param onChange called when the endpoint is new here or has changed
   * @throws IllegalArgumentException if the endpoint cannot be sent to as it stands
   */
  Channel to(Endpoint endpoint, Runnable onChange) {
    Channel channel = open.get(endpoint.id());
    if (channel == null || !channel.isFor(endpoint)) {
      channel = make(endpoint);
      open.put(endpoint.id(), channel);
      onChange.run();
    }
    return channel;
  }

  private Channel make(Endpoint endpoint) {
    return Channel.open(
        endpoint,
        registry
            .tenant(endpoint.tenantId())
            .orElseThrow(() -> new IllegalArgumentException("its tenant is gone")),
        contracts,
        httpAllowed);
  }

  void forget(long endpointId) {
    open.remove(endpointId);
  }
}
