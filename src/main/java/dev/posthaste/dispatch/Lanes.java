package dev.posthaste.dispatch;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import dev.posthaste.lane.AimdLimit;
import dev.posthaste.lane.FairSchedule;
import dev.posthaste.lane.Lane;
import dev.posthaste.lane.Pacer;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The lanes of one event loop, made when their first delivery comes. */
final class Lanes {
  private final Map<Long, Lane> byEndpoint = new HashMap<>();
  private final Set<Lane> occupied = new LinkedHashSet<>();
  private final FairSchedule schedule = new FairSchedule();
  private final int capacity;
  private final int ceiling;
  private final Vertx vertx;
  private final Runnable onPaced;

  /**
   * None yet.
   *
   * @param capacity deliveries that may wait in one lane
   * @param ceiling the most attempts in flight of an endpoint that says nothing of its own
   * @param onPaced called when the pace of a lane lets it go on
   */
  Lanes(Vertx vertx, int capacity, int ceiling, Runnable onPaced) {
    this.vertx = vertx;
    this.capacity = capacity;
    this.ceiling = ceiling;
    this.onPaced = onPaced;
  }

  /** False if the lane is full. */
  boolean offer(Delivery delivery, long nowMillis) {
    Lane lane = byEndpoint.computeIfAbsent(delivery.endpointId(), this::make);
    if (!lane.offer(delivery, nowMillis)) {
      return false;
    }
    occupied.add(lane);
    consider(lane);
    return true;
  }

  private Lane make(long endpointId) {
    return new Lane(endpointId, capacity, new AimdLimit(ceiling));
  }

  /** The lane whose turn it is. */
  Optional<Lane> next() {
    return schedule.next(System.nanoTime());
  }

  /** What the endpoint allows, whenever it has changed. */
  void allow(Lane lane, Endpoint endpoint) {
    Pacer pacer =
        endpoint
            .rateLimit()
            .map(limit -> Pacer.of(limit.count(), limit.perSeconds()))
            .orElseGet(Pacer::unlimited);
    lane.allow(pacer, endpoint.maxConcurrency().orElse(ceiling));
  }

  /** To be told when a delivery of the lane was started or has ended. */
  void changed(Lane lane) {
    if (lane.size() == 0) {
      occupied.remove(lane);
    }
    consider(lane);
  }

  /** A lane that only its pace holds back is looked at again when the pace lets it go. */
  private void consider(Lane lane) {
    long now = System.nanoTime();
    schedule.consider(lane, now);
    long wait = lane.paceNanos(now);
    if (wait > 0 && !lane.isAwaited()) {
      lane.awaited(true);
      vertx.setTimer(
          Math.ceilDiv(wait, 1_000_000L),
          timer -> {
            lane.awaited(false);
            consider(lane);
            onPaced.run();
          });
    }
  }

  /** What is held at this moment, as far as lanes know it. */
  DispatchObserver.Load load(int inFlight) {
    int waiting = occupied.stream().mapToInt(Lane::size).sum();
    return new DispatchObserver.Load(byEndpoint.size(), waiting, 0, inFlight, 0, 0);
  }

  /** Hands out what waits since before a time. */
  void expire(long beforeMillis, Consumer<Delivery> expired) {
    Iterator<Lane> lanes = occupied.iterator();
    while (lanes.hasNext()) {
      Lane lane = lanes.next();
      lane.expire(beforeMillis, expired);
      if (lane.size() == 0) {
        lanes.remove();
      }
    }
  }

  /** Empties all lanes. */
  List<Delivery> drain() {
    List<Delivery> drained = new ArrayList<>();
    occupied.forEach(lane -> drained.addAll(lane.drain()));
    occupied.clear();
    return drained;
  }

  /** Forgets what was learnt of an endpoint that has changed, once nothing of it is in memory. */
  void forget(long endpointId) {
    Lane lane = byEndpoint.get(endpointId);
    if (lane != null && lane.size() == 0 && lane.inFlight() == 0) {
      byEndpoint.remove(endpointId);
    }
  }
}
