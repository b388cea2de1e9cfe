package dev.posthaste.ingest;

import dev.posthaste.contract.Contracts;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.http.Throttle;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.IngestSettings;
import dev.posthaste.store.EventLog;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** The way in of one event loop: its routes, its commit group, its watermark. */
public final class Intake {
  private final Context context;
  private final EventLog log;
  private final CommitGroup group;
  private final EventRoutes routes;

  private Intake(Vertx vertx, Shared shared, EventLog log) {
    IngestSettings settings = shared.settings;
    this.context = vertx.getOrCreateContext();
    this.log = log;
    this.group =
        new CommitGroup(
            vertx,
            log,
            shared.registry,
            shared.ids,
            shared.budget,
            new CommitGroup.Limits(
                settings.flushMaxEvents(),
                settings.flushesInFlight(),
                settings.flushSpacing().toNanos(),
                shared.doubtMillis),
            shared.handOver);
    Clock clock = shared.clock;
    EventIntake check =
        new EventIntake(
            shared.registry,
            shared.contracts,
            new Doorkeeper(shared.registry, clock),
            new DirectRule(shared.registry, shared.contracts, shared.urlFault),
            shared.traces,
            clock);
    this.routes =
        new EventRoutes(
            check,
            shared.budget,
            group,
            new TenantThrottle(shared.throttle),
            new EventRoutes.Limits(
                settings.maxPayloadBytes(), settings.maxBodyBytes(), settings.maxBatchEvents()),
            shared.observer);
    group.watchedBy(shared.observer);
  }

  /**
   * What the ways in of all loops share.
   *
   * @param throttle for each tenant
   * @param handOver takes committed deliveries, on any loop
   * @param doubtMillis after which a statement whose connection was lost is ended
   * @param urlFault what is wrong with a destination that an event brings
   */
  public record Shared(
      IngestSettings settings,
      Registry registry,
      Contracts contracts,
      IdGenerator ids,
      IngestBudget budget,
      Throttle throttle,
      Function<Vertx, EventLog> logs,
      HandOver handOver,
      long doubtMillis,
      EventTraces traces,
      IngestObserver observer,
      Function<String, Optional<String>> urlFault,
      Clock clock) {}

  /** On the event loop that it will belong to. */
  public static Intake open(Vertx vertx, Shared shared) {
    return new Intake(vertx, shared, shared.logs.apply(vertx));
  }

  EventRoutes routes() {
    return routes;
  }

  /** Every event of this loop with an id lower than this is settled. From any thread. */
  public Future<Long> settledBelow() {
    return onLoop(group::settledBelow);
  }

  /** Every event that this loop will still commit has this id or a higher one. From any thread. */
  public Future<Long> committedBelow() {
    return onLoop(group::committedBelow);
  }

  private Future<Long> onLoop(Supplier<Long> mark) {
    Promise<Long> answer = Promise.promise();
    context.runOnContext(v -> answer.complete(mark.get()));
    return answer.future();
  }

  Future<Void> close() {
    return log.close();
  }
}
