package dev.posthaste;

import dev.posthaste.api.ApiParts;
import dev.posthaste.api.ApiRules;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.http.Throttle;
import dev.posthaste.send.Sender;
import dev.posthaste.send.Target;
import dev.posthaste.settings.Settings;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.AnswerStore;
import dev.posthaste.store.AuditLog;
import dev.posthaste.store.Database;
import dev.posthaste.store.DeliveryStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.EventStore;
import dev.posthaste.store.JobStore;
import dev.posthaste.store.KeyStore;
import dev.posthaste.store.OwnEvents;
import dev.posthaste.store.Readers;
import dev.posthaste.store.ReplayStore;
import dev.posthaste.store.SecretStore;
import dev.posthaste.store.Units;
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

  ApiWiring(Settings settings, Node.Wiring wiring, Own own) {
    this.settings = settings;
    this.wiring = wiring;
    this.own = own;
    this.throttle = new Throttle(settings.api().requestsPerSecond());
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
            ApiRules.DEFAULT_MAX_BODY_BYTES),
        new ApiParts.Changing(
            new Units(wiring.database(), own.events),
            new AnswerStore(wiring.sealer(), KEPT_ANSWERS),
            new AuditLog(wiring.database())),
        throttle,
        new ApiParts.Sending(
            wiring.definitions().contracts(), own.senders, settings.targets().http()),
        wiring.feed()::refresh,
        wiring.clock());
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
        Readers.of(database));
  }

  /** What is wrong with a URL to send to, in words for whoever wrote it. */
  Optional<String> urlFault(String url) {
    return switch (Target.parse(url, settings.targets().http())) {
      case Target.Parsed.Good good -> Optional.empty();
      case Target.Parsed.Bad bad -> Optional.of(bad.fault());
    };
  }
}
