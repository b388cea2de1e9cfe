package dev.posthaste.lane;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Delivery;
import java.util.List;

/**
 * What kind of attempt comes next for a delivery. The earlier kinds go first within a lane, but for
 * a share of what has waited longest.
 */
public enum Traffic {
  /** Nobody has tried yet. */
  FIRST(0),
  /** Another attempt, or what a node left behind that died. */
  AGAIN(1),
  /** Somebody asked for it again. */
  REPLAY(2);

  static final List<Traffic> ALL = List.of(values());
  static final int KINDS = ALL.size();

  private final int rank;

  Traffic(int rank) {
    this.rank = rank;
  }

  /** 0 goes first. */
  int rank() {
    return rank;
  }

  public static Traffic of(Delivery delivery) {
    if (delivery.trigger() == Trigger.REPLAY) {
      return REPLAY;
    }
    return delivery.trigger() == Trigger.LIVE && delivery.attempts() == 0 ? FIRST : AGAIN;
  }
}
