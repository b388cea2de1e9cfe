package dev.posthaste.dispatch;

import dev.posthaste.lane.Lane;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Comes back to lanes that only their pace holds back, when it lets them go on. Belongs to one
 * event loop.
 */
final class PaceTimers {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final Vertx vertx;
  private final Consumer<Lane> onDue;
  private final Map<Lane, Due> byLane = new HashMap<>();

  PaceTimers(Vertx vertx, Consumer<Lane> onDue) {
    this.vertx = vertx;
    this.onDue = onDue;
  }

  private record Due(long timer, long nanos) {}

  /**
   * To be told when a lane may have to wait for its pace, or has to no more. A pace that has become
   * slower is seen when its timer fires; a faster one gets another timer.
   */
  void consider(Lane lane, long nowNanos) {
    long wait = lane.paceNanos(nowNanos);
    if (wait == 0) {
      forget(lane);
      return;
    }
    long nanos = nowNanos + wait;
    if (lane.isAwaited() && byLane.get(lane).nanos - nanos <= 0) {
      return;
    }
    forget(lane);
    lane.awaited(true);
    long timer = vertx.setTimer(Math.ceilDiv(wait, NANOS_PER_MILLI), fired -> due(lane));
    byLane.put(lane, new Due(timer, nanos));
  }

  private void forget(Lane lane) {
    if (lane.isAwaited()) {
      vertx.cancelTimer(byLane.remove(lane).timer);
      lane.awaited(false);
    }
  }

  private void due(Lane lane) {
    byLane.remove(lane);
    lane.awaited(false);
    onDue.accept(lane);
  }
}
