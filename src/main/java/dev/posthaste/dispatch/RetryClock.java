package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import dev.posthaste.lane.Lane;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Deliveries whose next attempt is seconds away, each with a timer. Belongs to one event loop. */
final class RetryClock {
  private final Vertx vertx;
  private final BiConsumer<Lane, Delivery> onDue;
  private final Map<Long, Held> byTimer = new HashMap<>();

  /**
   * @param onDue told the lane that it came from
   */
  RetryClock(Vertx vertx, BiConsumer<Lane, Delivery> onDue) {
    this.vertx = vertx;
    this.onDue = onDue;
  }

  void add(Lane lane, Delivery delivery, long delayMillis) {
    long id =
        vertx.setTimer(
            Math.max(1, delayMillis),
            timer -> {
              Held due = byTimer.remove(timer);
              if (due != null) {
                onDue.accept(due.lane, due.delivery);
              }
            });
    byTimer.put(id, new Held(lane, delivery, System.nanoTime() + delayMillis * 1_000_000));
  }

  /** Stops all timers and hands out what they held. */
  List<Held> drain() {
    List<Held> held = List.copyOf(byTimer.values());
    byTimer.keySet().forEach(vertx::cancelTimer);
    byTimer.clear();
    return held;
  }

  /** A delivery that waits for its next attempt. */
  record Held(Lane lane, Delivery delivery, long dueNanos) {
    /** Rounded up, so that nothing comes early; zero if it is due. */
    Duration rest() {
      long nanos = Math.max(0, dueNanos - System.nanoTime());
      return Duration.ofMillis((nanos + 999_999) / 1_000_000);
    }
  }
}
