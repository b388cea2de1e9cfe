package dev.posthaste;

import dev.posthaste.api.ApiRoutes;
import dev.posthaste.api.FailureHandler;
import dev.posthaste.dispatch.DispatchRouter;
import dev.posthaste.dispatch.OrderedClaimer;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.OrderKey;
import dev.posthaste.http.RequestGate;
import dev.posthaste.http.Throttle;
import dev.posthaste.ingest.HandOver;
import dev.posthaste.ingest.IngestBudget;
import dev.posthaste.ingest.IngestVerticle;
import dev.posthaste.ingest.Intake;
import dev.posthaste.settings.Settings;
import dev.posthaste.store.NodeTable;
import dev.posthaste.store.OwnEvents;
import dev.posthaste.store.PostgresEventLog;
import dev.posthaste.stream.Streams;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;

/** What takes events and requests in for one membership. Its verticles share one port. */
final class WayIn {
  private final Settings settings;
  private final NodeTable.Membership joined;
  private final Node.Wiring wiring;
  private final Own own;
  private final IngestBudget budget;
  private final Throttle tenantThrottle;
  private final List<Intake> intakes = new CopyOnWriteArrayList<>();
  private volatile int port;

  WayIn(Settings settings, NodeTable.Membership joined, Node.Wiring wiring, Own own) {
    this.settings = settings;
    this.joined = joined;
    this.wiring = wiring;
    this.own = own;
    this.budget =
        new IngestBudget(
            settings.ingest().maxQueuedEvents(), settings.ingest().maxUnsettledEvents());
    this.tenantThrottle = new Throttle(settings.ingest().eventsPerSecondPerTenant());
  }

  /**
   * What belongs to the membership.
   *
   * @param doubtPatience the time after which a commit that is in doubt is ended
   */
  record Own(
      IdGenerator ids,
      OwnEvents events,
      ApiWiring api,
      Streams streams,
      DispatchRouter router,
      OrderedClaimer ordered,
      Duration doubtPatience) {}

  /** One for an event loop; to be deployed one after the other, since the first finds the port. */
  IngestVerticle verticle() {
    HttpServerOptions options =
        new HttpServerOptions()
            .setHost(settings.http().host())
            .setPort(port == 0 ? settings.http().port() : port)
            .setMaxHeaderSize(settings.http().maxHeaderSizeBytes())
            .setIdleTimeout((int) settings.http().idleTimeout().toSeconds())
            // Large answers stall over it with the JDK's client; TLS terminators speak HTTP/1.1 to
            // us.
            .setHttp2ClearTextEnabled(false)
            .setHandle100ContinueAutomatically(true);
    return new IngestVerticle(
        Streams.spokenBy(options),
        this::openIntake,
        this::others,
        actual -> port = actual,
        new IngestVerticle.Closing(
            () -> !wiring.health().isOpen(), settings.delivery().drainGrace().toMillis()));
  }

  /** That it listens on; 0 before the first verticle runs. From any thread. */
  int port() {
    return port;
  }

  private Future<Intake> openIntake(Vertx loop) {
    Intake intake =
        Intake.open(
            loop,
            new Intake.Shared(
                settings.ingest(),
                wiring.registry(),
                wiring.definitions().contracts(),
                own.ids,
                budget,
                tenantThrottle,
                intakeLoop ->
                    new PostgresEventLog(
                        wiring.database(), joined.fence(), settings.ingest().idempotencyWindow()),
                handOver(),
                own.doubtPatience.toMillis(),
                wiring.watch().eventTraces(),
                wiring.watch().telemetry().ingest(),
                own.api::urlFault,
                wiring.clock()));
    intakes.add(intake);
    return Future.succeededFuture(intake);
  }

  private HandOver handOver() {
    return new HandOver() {
      @Override
      public void deliver(List<Delivery> deliveries) {
        own.router.accept(deliveries);
      }

      @Override
      public void waiting(List<OrderKey> keys) {
        own.ordered.nudge(keys);
      }

      @Override
      public void accepted(List<Event> events, Predicate<Event> isNew) {
        own.streams.accepted(events, isNew);
      }
    };
  }

  private Future<Handler<HttpServerRequest>> others(Vertx loop, Router mounted) {
    wiring.watch().mount(mounted, wiring.health());
    mounted.get(Streams.PATH).handler(own.streams.route(loop)).failureHandler(new FailureHandler());
    return new ApiRoutes(wiring.apiDocument(), own.api.parts())
        .create(loop)
        .map(
            api -> {
              mounted.route("/*").subRouter(api);
              return new RequestGate(mounted);
            });
  }

  /** Below which of this node's event ids everything is settled. */
  Future<Long> settledBelow() {
    return lowest(Intake::settledBelow);
  }

  /** Every event that this node will still commit has this id or a higher one. */
  Future<Long> committedBelow() {
    return lowest(Intake::committedBelow).map(mark -> Math.min(mark, own.events.committedBelow()));
  }

  private Future<Long> lowest(Function<Intake, Future<Long>> mark) {
    List<Future<Long>> marks = intakes.stream().map(mark).toList();
    return Future.all(marks)
        .map(all -> marks.stream().mapToLong(Future::result).min().orElse(joined.floor()));
  }
}
