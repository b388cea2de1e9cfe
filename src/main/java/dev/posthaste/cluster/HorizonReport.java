package dev.posthaste.cluster;

import dev.posthaste.store.CommitHorizon;
import dev.posthaste.store.Fence;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the other nodes, again and again, how far this one has committed. One per node and epoch.
 */
public final class HorizonReport extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(HorizonReport.class);

  private final CommitHorizon horizon;
  private final Fence fence;
  private final Duration interval;
  private final Supplier<Future<Long>> committedBelow;
  private boolean failing;
  private boolean stopped;
  private Future<Void> reporting = Future.succeededFuture();

  /**
   * @param interval pause between two reports
   * @param committedBelow the mark of the whole node
   */
  public HorizonReport(
      CommitHorizon horizon,
      Fence fence,
      Duration interval,
      Supplier<Future<Long>> committedBelow) {
    this.horizon = horizon;
    this.fence = fence;
    this.interval = interval;
    this.committedBelow = committedBelow;
  }

  @Override
  public Future<?> start() {
    report();
    return Future.succeededFuture();
  }

  private void report() {
    reporting =
        Answers.on(context, committedBelow.get()).compose(below -> horizon.report(fence, below));
    reporting.onComplete(
        done -> {
          if (!stopped) {
            tell(done.cause());
            vertx.setTimer(interval.toMillis(), timer -> reportUnlessStopped());
          }
        });
  }

  private void reportUnlessStopped() {
    if (!stopped) {
      report();
    }
  }

  private void tell(Throwable cause) {
    if (cause != null && !failing) {
      LOG.atWarn()
          .addKeyValue("cause", cause.getMessage())
          .log(
              "How far this node has committed could not be told; the feeds stand still meanwhile");
    } else if (cause == null && failing) {
      LOG.info("The feeds go on");
    }
    failing = cause != null;
  }

  /** Waits for the report under way: it takes an id, and a clean end wants to know the last one. */
  @Override
  public Future<?> stop() {
    stopped = true;
    return reporting.otherwiseEmpty();
  }
}
