package dev.posthaste;

import dev.posthaste.api.ApiParts;
import dev.posthaste.api.ApiRules;
import dev.posthaste.api.DownloadLinks;
import dev.posthaste.api.Transfers;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.http.Throttle;
import dev.posthaste.send.Sender;
import dev.posthaste.send.Target;
import dev.posthaste.settings.Settings;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.AnswerStore;
import dev.posthaste.store.AttachmentStore;
import dev.posthaste.store.AuditLog;
import dev.posthaste.store.CatalogStore;
import dev.posthaste.store.CommitHorizon;
import dev.posthaste.store.Database;
import dev.posthaste.store.DeliveryStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.EventStore;
import dev.posthaste.store.EventTail;
import dev.posthaste.store.JobStore;
import dev.posthaste.store.KeyStore;
import dev.posthaste.store.OwnEvents;
import dev.posthaste.store.Readers;
import dev.posthaste.store.ReplayStore;
import dev.posthaste.store.SecretStore;
import dev.posthaste.store.TenantStore;
import dev.posthaste.store.Units;
import dev.posthaste.stream.Streams;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Puts together what the management routes of one membership work with. */
final class ApiWiring {
  private static final Duration KEPT_ANSWERS = Duration.ofHours(24);

  private final Settings settings;
  private final Node.Wiring wiring;
  private final Own own;
  private final Throttle throttle;
  private final Transfers transfers;

  ApiWiring(Settings settings, Node.Wiring wiring, Own own) {
    this.settings = settings;
    this.wiring = wiring;
    this.own = own;
    this.throttle = new Throttle(settings.api().requestsPerSecond());
    this.transfers =
        new Transfers(
            settings.attachments().maxTransfers(), settings.attachments().maxTransfersPerTenant());
  }

  /**
   * What belongs to the membership.
   *
   * @param senders opens the one of a loop, on that loop
   */
  record Own(
      IdGenerator ids,
      EndpointStore endpoints,
      OwnEvents events,
      Function<Vertx, Sender> senders) {}

  /** For the routes of one event loop. */
  ApiParts parts() {
    return new ApiParts(
        wiring.registry(),
        new Doorkeeper(wiring.registry(), wiring.clock()),
        stores(wiring.database()),
        own.ids,
        new ApiRules(
            wiring.definitions().contracts().names(),
            this::urlFault,
            ApiRules.DEFAULT_MAX_ENDPOINTS,
            ApiRules.DEFAULT_MAX_BODY_BYTES,
            settings.ingest().maxPayloadBytes(),
            settings.catalogs().maxImportBytes(),
            settings.catalogs().maxTypes(),
            Duration.ofDays(settings.retention().days())),
        new ApiParts.Changing(
            new Units(wiring.database(), own.events),
            new AnswerStore(wiring.sealer(), KEPT_ANSWERS),
            new AuditLog(wiring.database())),
        throttle,
        new ApiParts.Sending(
            wiring.definitions().contracts(), own.senders, settings.targets().http()),
        wiring.feed()::refresh,
        wiring.clock(),
        files());
  }

  private ApiParts.Files files() {
    return new ApiParts.Files(
        new AttachmentStore(wiring.database()),
        settings.attachments(),
        new DownloadLinks(
            wiring.sealer().derive(DownloadLinks.PURPOSE),
            settings.attachments().linkTtl(),
            wiring.clock()),
        transfers,
        settings.http().publicUrl());
  }

  /** The streams of the membership of a node. */
  Streams streams(int node) {
    return new Streams(
        new Streams.Parts(
            wiring.registry(),
            new Doorkeeper(wiring.registry(), wiring.clock()),
            throttle,
            new CommitHorizon(wiring.database()),
            new EventTail(wiring.database(), node, own.events),
            settings.stream(),
            settings.http().idleTimeout(),
            wiring.clock()));
  }

  private ApiParts.Stores stores(Database database) {
    return new ApiParts.Stores(
        own.endpoints,
        new AccountStore(database),
        new KeyStore(database),
        new DeliveryStore(database),
        new EventStore(database),
        new SecretStore(wiring.sealer()),
        new ReplayStore(),
        new JobStore(database),
        Readers.of(database),
        new TenantStore(own.endpoints),
        new CatalogStore());
  }

  /** What is wrong with a URL to send to, in words for whoever wrote it. */
  Optional<String> urlFault(String url) {
    return switch (Target.parse(url, settings.targets().http())) {
      case Target.Parsed.Good good -> Optional.empty();
      case Target.Parsed.Bad bad -> Optional.of(bad.fault());
    };
  }
}
