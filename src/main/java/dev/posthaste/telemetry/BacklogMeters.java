package dev.posthaste.telemetry;

import dev.posthaste.event.Deferral;
import dev.posthaste.store.Backlog;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks from time to time how much waits in the whole cluster. One per process; every node tells
 * the same of the table, and each adds what it alone holds in memory.
 */
final class BacklogMeters extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(BacklogMeters.class);
  private static final long PATIENCE_SECONDS = 5;
  private static final double MILLIS_PER_SECOND = 1_000.0;

  private final Backlog backlog;
  private final Supplier<Future<OptionalLong>> oldestHere;
  private final long intervalMillis;
  private volatile Optional<Seen> seen = Optional.empty();
  private boolean stopped;

  /**
   * @param oldestHere when the oldest event was accepted that is only in this node's memory
   */
  BacklogMeters(
      Meters meters,
      Backlog backlog,
      Supplier<Future<OptionalLong>> oldestHere,
      long intervalMillis) {
    this.backlog = backlog;
    this.oldestHere = oldestHere;
    this.intervalMillis = intervalMillis;
    for (Deferral.Reason reason : Deferral.Reason.values()) {
      meters.gauge(
          "deferred.deliveries",
          "Deliveries of the whole cluster that wait in the table, by reason; an estimate when there are many.",
          () -> look(look -> look.depths().getOrDefault(reason, 0L)),
          "reason",
          TenantMeters.lower(reason));
    }
    ages(meters);
  }

  private void ages(Meters meters) {
    meters.measure(
        "undelivered.oldest.age",
        "seconds",
        "Time since the acceptance of the oldest event that waits for an active endpoint: in the table, or in this node's memory.",
        () -> seen.map(Seen::oldestAgeSeconds).orElse(Double.NaN));
    meters.measure(
        "deferred.overdue",
        "seconds",
        "How long the delivery is due that is due longest and that no node has taken.",
        () -> look(Backlog.Look::overdueSeconds));
    meters.gauge("nodes.live", "Nodes that hold a lease.", () -> look(Backlog.Look::liveNodes));
    meters.measure(
        "backlog.look.age",
        "seconds",
        "Time since the table was looked at for the numbers of the whole cluster.",
        () ->
            seen.map(it -> (System.currentTimeMillis() - it.atMillis) / MILLIS_PER_SECOND)
                .orElse(Double.NaN));
  }

  private double look(ToDoubleFunction<Backlog.Look> value) {
    return seen.map(it -> value.applyAsDouble(it.look)).orElse(Double.NaN);
  }

  @Override
  public Future<?> start() {
    look();
    return Future.succeededFuture();
  }

  private void look() {
    Future<OptionalLong> here =
        oldestHere
            .get()
            .timeout(PATIENCE_SECONDS, TimeUnit.SECONDS)
            .otherwise(OptionalLong.empty());
    backlog
        .look()
        .compose(look -> here.map(own -> new Seen(look, own, System.currentTimeMillis())))
        .onSuccess(now -> seen = Optional.of(now))
        .onFailure(
            e ->
                LOG.atDebug()
                    .addKeyValue("cause", e.getMessage())
                    .log("The backlog could not be looked at; the numbers before stand"))
        .onComplete(done -> lookLater());
  }

  private void lookLater() {
    if (!stopped) {
      vertx.setTimer(intervalMillis, timer -> look());
    }
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return Future.succeededFuture();
  }

  private record Seen(Backlog.Look look, OptionalLong here, long atMillis) {
    double oldestAgeSeconds() {
      long now = System.currentTimeMillis();
      long oldest = Math.min(look.oldestAcceptedAtMillis().orElse(now), here.orElse(now));
      return Math.max(0, now - oldest) / MILLIS_PER_SECOND;
    }
  }
}
