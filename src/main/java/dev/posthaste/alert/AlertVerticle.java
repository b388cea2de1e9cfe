package dev.posthaste.alert;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the rounds: with every heartbeat what the loops have gathered goes to the table, and less
 * often it is looked for backlogs. A last round goes at the stop. One per node.
 */
final class AlertVerticle extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(AlertVerticle.class);

  /** A database that is away must not hold up a stop. */
  private static final long LAST_ROUND_SECONDS = 5;

  private final long heartbeatMillis;
  private final long backlogMillis;
  private final Supplier<Future<Void>> report;
  private final Supplier<Future<Void>> backlog;
  private Future<Void> underWay = Future.succeededFuture();
  private boolean failing;
  private boolean stopped;

  /**
   * @param report one round of everything that goes with a heartbeat
   * @param backlogPause between two looks for backlogs
   */
  AlertVerticle(
      Duration heartbeat,
      Supplier<Future<Void>> report,
      Duration backlogPause,
      Supplier<Future<Void>> backlog) {
    this.heartbeatMillis = heartbeat.toMillis();
    this.backlogMillis = backlogPause.toMillis();
    this.report = report;
    this.backlog = backlog;
  }

  /** Completes when it is known which endpoints fail, so that no success of theirs is lost. */
  @Override
  public Future<?> start() {
    return report()
        .otherwiseEmpty()
        .onComplete(
            done -> {
              reportLater();
              lookLater();
            });
  }

  private void reportLater() {
    vertx.setTimer(
        heartbeatMillis,
        timer -> {
          if (!stopped) {
            underWay = report();
            underWay.onComplete(done -> reportLater());
          }
        });
  }

  private Future<Void> report() {
    return report.get().onSuccess(v -> failing = false).onFailure(this::failed);
  }

  private void lookLater() {
    vertx.setTimer(
        backlogMillis,
        timer -> {
          if (!stopped) {
            backlog.get().onFailure(this::failed).onComplete(done -> lookLater());
          }
        });
  }

  private void failed(Throwable cause) {
    if (!failing) {
      failing = true;
      LOG.atWarn()
          .addKeyValue("cause", cause.getMessage())
          .log("How endpoints fare cannot be recorded; it is kept and tried again");
    }
  }

  @Override
  public Future<?> stop() {
    stopped = true;
    return underWay
        .otherwiseEmpty()
        .compose(v -> report())
        .timeout(LAST_ROUND_SECONDS, TimeUnit.SECONDS)
        .otherwiseEmpty();
  }
}
