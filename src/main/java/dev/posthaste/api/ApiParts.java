package dev.posthaste.api;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.DeliveryStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.EventStore;
import dev.posthaste.store.KeyStore;
import io.vertx.core.Future;
import java.time.Clock;
import java.util.function.Supplier;

/**
 * What the routes work with; all of it is for any event loop.
 *
 * @param refreshRegistry reads into the registry what has changed; awaited after every change, so
 *     that the next request on this node sees it
 */
public record ApiParts(
    Registry registry,
    Doorkeeper doorkeeper,
    Stores stores,
    IdGenerator ids,
    ApiRules rules,
    Supplier<Future<Void>> refreshRegistry,
    Clock clock) {

  /** Where things are kept. */
  public record Stores(
      EndpointStore endpoints,
      AccountStore accounts,
      KeyStore keys,
      DeliveryStore deliveries,
      EventStore events) {}
}
