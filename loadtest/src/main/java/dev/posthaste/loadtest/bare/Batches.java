package dev.posthaste.loadtest.bare;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * Collects what is to be written together, in one batch after the other. Belongs to one event loop.
 */
final class Batches<T> {
  private final Vertx vertx;
  private final Pace pace;
  private final Function<List<T>, Future<?>> write;
  private List<T> waiting = new ArrayList<>();
  private Promise<Void> written = Promise.promise();
  private boolean scheduled;
  private boolean underWay;
  private long beganNanos;

  /** When a batch begins, if the one before is over. */
  record Pace(long millis, boolean fromStart) {
    /** At least so long after the start of the one before; after a pause at once. */
    static Pace spaced(long millis) {
      return new Pace(millis, true);
    }

    /** So long after there is something to write. */
    static Pace late(long millis) {
      return new Pace(millis, false);
    }

    private long waitMillis(long beganNanos) {
      return fromStart
          ? millis - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - beganNanos)
          : millis;
    }
  }

  /** Nothing waits. */
  Batches(Vertx vertx, Pace pace, Function<List<T>, Future<?>> write) {
    this.vertx = vertx;
    this.pace = pace;
    this.write = write;
    this.beganNanos = System.nanoTime() - TimeUnit.MILLISECONDS.toNanos(pace.millis());
  }

  /** Completes when it is written. */
  Future<Void> add(T one) {
    waiting.add(one);
    schedule();
    return written.future();
  }

  private void schedule() {
    if (scheduled || underWay || waiting.isEmpty()) {
      return;
    }
    scheduled = true;
    long millis = pace.waitMillis(beganNanos);
    if (millis > 0) {
      vertx.setTimer(millis, timer -> flush());
    } else {
      vertx.runOnContext(turn -> flush());
    }
  }

  private void flush() {
    List<T> batch = waiting;
    Promise<Void> done = written;
    waiting = new ArrayList<>();
    written = Promise.promise();
    scheduled = false;
    underWay = true;
    beganNanos = System.nanoTime();
    Future.succeededFuture(batch)
        .compose(rows -> write.apply(rows).<Void>mapEmpty())
        .onComplete(
            result -> {
              underWay = false;
              schedule();
              done.handle(result);
            });
  }
}
