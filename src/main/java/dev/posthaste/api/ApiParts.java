package dev.posthaste.api;

import dev.posthaste.contract.Contracts;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.http.Throttle;
import dev.posthaste.registry.Registry;
import dev.posthaste.send.Sender;
import dev.posthaste.settings.AttachmentSettings;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.AnswerStore;
import dev.posthaste.store.AttachmentStore;
import dev.posthaste.store.AuditLog;
import dev.posthaste.store.CatalogStore;
import dev.posthaste.store.DeliveryStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.EventStore;
import dev.posthaste.store.JobStore;
import dev.posthaste.store.KeyStore;
import dev.posthaste.store.Readers;
import dev.posthaste.store.ReplayStore;
import dev.posthaste.store.SecretStore;
import dev.posthaste.store.TenantStore;
import dev.posthaste.store.Units;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What the routes work with; all of it is for any event loop.
 *
 * @param throttle for each key, over all loops of the node
 * @param refreshRegistry reads into the registry what has changed; awaited after every change, so
 *     that the next request on this node sees it
 */
public record ApiParts(
    Registry registry,
    Doorkeeper doorkeeper,
    Stores stores,
    IdGenerator ids,
    ApiRules rules,
    Changing changing,
    Throttle throttle,
    Sending sending,
    Supplier<Future<Void>> refreshRegistry,
    Clock clock,
    Files files) {

  /**
   * What it takes to change something.
   *
   * @param answers that repeats of a request get
   */
  public record Changing(Units units, AnswerStore answers, AuditLog audit) {}

  /**
   * What it takes to keep files.
   *
   * @param publicUrl what links begin with; without it, as the client named the server
   */
  public record Files(
      AttachmentStore store,
      AttachmentSettings limits,
      DownloadLinks links,
      Transfers transfers,
      Optional<URI> publicUrl) {}

  /** Where things are kept. */
  public record Stores(
      EndpointStore endpoints,
      AccountStore accounts,
      KeyStore keys,
      DeliveryStore deliveries,
      EventStore events,
      SecretStore secrets,
      ReplayStore replays,
      JobStore jobs,
      Readers readers,
      TenantStore tenants,
      CatalogStore catalogs) {}

  /**
   * What it takes to send a message.
   *
   * @param senders makes the one of a loop, on that loop
   * @param httpAllowed whether endpoints may use plain http
   */
  public record Sending(
      Contracts contracts, Function<Vertx, Sender> senders, boolean httpAllowed) {}
}
