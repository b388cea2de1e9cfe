package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Deliveries whose next attempt is seconds away, each with a timer. Belongs to one event loop. */
final class RetryClock {
  private final Vertx vertx;
  private final Consumer<Delivery> onDue;
  private final Map<Long, Delivery> byTimer = new HashMap<>();

  RetryClock(Vertx vertx, Consumer<Delivery> onDue) {
    this.vertx = vertx;
    this.onDue = onDue;
  }

  void add(Delivery delivery, long delayMillis) {
    long id =
        vertx.setTimer(
            Math.max(1, delayMillis),
            timer -> {
              Delivery due = byTimer.remove(timer);
              if (due != null) {
                onDue.accept(due);
              }
            });
    byTimer.put(id, delivery);
  }

  /** Stops all timers and hands out what they held. */
  List<Delivery> drain() {
    List<Delivery> held = new ArrayList<>(byTimer.values());
    byTimer.keySet().forEach(vertx::cancelTimer);
    byTimer.clear();
    return held;
  }
}
