package dev.posthaste.dispatch;

import dev.posthaste.store.DroppedStore;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Discards what waited for endpoints while they were disabled, where their contract drops it: also
 * what is not due for long, and what an order would wait for. One per node.
 */
public final class Dropper extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(Dropper.class);

  /** Pause between steps while there is more. */
  private static final long BUSY_MILLIS = 20;

  private final DroppedStore store;
  private final long idleMillis;
  private final IntConsumer onDiscarded;
  private Future<?> underWay = Future.succeededFuture();
  private boolean failing;
  private boolean stopped;

  /**
   * @param idle the pause between two looks while there is nothing to do
   * @param onDiscarded told how many deliveries a step has discarded
   */
  public Dropper(DroppedStore store, Duration idle, IntConsumer onDiscarded) {
    this.store = store;
    this.idleMillis = idle.toMillis();
    this.onDiscarded = onDiscarded;
  }

  @Override
  public Future<?> start() {
    stepAfter(BUSY_MILLIS);
    return Future.succeededFuture();
  }

  private void stepAfter(long millis) {
    vertx.setTimer(
        millis,
        timer -> {
          if (!stopped) {
            underWay = store.step().onSuccess(this::took).onFailure(this::failed);
          }
        });
  }

  private void took(Optional<Integer> discarded) {
    if (failing) {
      failing = false;
      LOG.info("What disabled endpoints have missed is dropped again");
    }
    discarded.ifPresent(onDiscarded::accept);
    stepAfter(discarded.isPresent() ? BUSY_MILLIS : idleMillis);
  }

  private void failed(Throwable cause) {
    if (!failing) {
      failing = true;
      LOG.atWarn()
          .addKeyValue("cause", cause.getMessage())
          .log("What disabled endpoints have missed cannot be dropped; trying again");
    }
    stepAfter(idleMillis);
  }

  /** Lets the step under way end. */
  @Override
  public Future<?> stop() {
    stopped = true;
    return underWay.otherwiseEmpty();
  }
}
