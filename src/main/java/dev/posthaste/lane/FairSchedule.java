package dev.posthaste.lane;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * Whose turn it is: ready lanes go round, one delivery each, so that a long lane does not keep a
 * short one waiting.
 */
public final class FairSchedule {
  private final Queue<Lane> ready = new ArrayDeque<>();

  /** To be told whenever a lane may have become ready. */
  public void consider(Lane lane, long nowNanos) {
    if (!lane.isScheduled() && lane.isReady(nowNanos)) {
      lane.scheduled(true);
      ready.add(lane);
    }
  }

  /**
   * The lane whose turn it is; it is ready. The caller starts one delivery and considers it again.
   */
  public Optional<Lane> next(long nowNanos) {
    while (!ready.isEmpty()) {
      Lane lane = ready.remove();
      lane.scheduled(false);
      if (lane.isReady(nowNanos)) {
        return Optional.of(lane);
      }
    }
    return Optional.empty();
  }
}
