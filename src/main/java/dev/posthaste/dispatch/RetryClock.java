package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import dev.posthaste.lane.Lane;
import io.vertx.core.Vertx;
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
    byTimer.put(id, new Held(lane, delivery));
  }

  /** Stops all timers and hands out what they held. */
  List<Delivery> drain() {
    List<Delivery> held = byTimer.values().stream().map(Held::delivery).toList();
    byTimer.keySet().forEach(vertx::cancelTimer);
    byTimer.clear();
    return held;
  }

  private record Held(Lane lane, Delivery delivery) {}
}
