package dev.posthaste.dispatch;

import dev.posthaste.lane.Lane;
import dev.posthaste.lane.LaneList;
import java.util.function.Consumer;

/** Lanes that have nothing, which are forgotten some time later. Belongs to one event loop. */
final class IdleLanes {
  private final LaneList lanes = new LaneList();
  private final Rules rules;

  IdleLanes(Rules rules) {
    this.rules = rules;
  }

  /**
   * When one is forgotten.
   *
   * @param idleNanos after so long, if nothing is known of it that matters
   * @param staleNanos after so long in any case: nothing can wait for it anywhere
   * @param most are kept, whatever is known of them
   * @param atOnce in one sweep for their age
   */
  record Rules(long idleNanos, long staleNanos, int most, int atOnce) {}

  void add(Lane lane) {
    lanes.add(lane);
  }

  void remove(Lane lane) {
    lanes.remove(lane);
  }

  /**
   * Gives out those that are to be forgotten.
   *
   * @param forget must {@link #remove} the lane
   */
  void sweep(long now, Consumer<Lane> forget) {
    for (int i = lanes.size() - rules.most; i > 0; i--) {
      forgetOrPutBack(lanes.first().isUnattended(), forget);
    }
    for (int i = Math.min(lanes.size(), rules.atOnce); i > 0; i--) {
      Lane lane = lanes.first();
      if (!lane.isIdleFor(rules.idleNanos, now)) {
        return;
      }
      forgetOrPutBack(lane.isForgettable(rules.idleNanos, now) || isStale(lane, now), forget);
    }
  }

  private boolean isStale(Lane lane, long now) {
    return lane.isIdleFor(rules.staleNanos, now) && lane.isUnattended();
  }

  private void forgetOrPutBack(boolean forgets, Consumer<Lane> forget) {
    if (forgets) {
      forget.accept(lanes.first());
    } else {
      lanes.add(lanes.first());
    }
  }
}
