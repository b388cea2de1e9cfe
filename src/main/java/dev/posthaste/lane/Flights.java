package dev.posthaste.lane;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The attempts under way that share one bound, those of an event loop or of a tenant on it, and the
 * lanes that wait until one of a kind ends that is at its limit.
 */
final class Flights {
  private int inFlight;
  private int slow;
  private int again;
  private int replays;
  private int others;

  /**
   * By rank of the traffic; fast lanes at even places, slow ones at odd ones. Most tenants never
   * need it.
   */
  private List<Set<Lane>> aside = List.of();

  int inFlight() {
    return inFlight;
  }

  int free(FlightBudget.Kinds limits) {
    return limits.total() - inFlight;
  }

  boolean admits(FlightBudget.Kinds limits, Traffic traffic, boolean isSlow) {
    if (inFlight >= limits.total()) {
      return false;
    }
    if (traffic == Traffic.FIRST && !isSlow) {
      return true;
    }
    return others < limits.others()
        && (!isSlow || slow < limits.slow())
        && (traffic != Traffic.AGAIN || again < limits.again())
        && (traffic != Traffic.REPLAY || replays < limits.replays());
  }

  void count(Lane lane, Traffic traffic, int attempts) {
    inFlight += attempts;
    switch (traffic) {
      case FIRST -> {}
      case AGAIN -> again += attempts;
      case REPLAY -> replays += attempts;
    }
    if (lane.isSlow()) {
      slow += attempts;
    }
    if (lane.isSlow() || traffic != Traffic.FIRST) {
      others += attempts;
    }
  }

  /** Counts what a lane has in flight anew: it has just become slow or fast. */
  void recount(Lane lane) {
    int sign = lane.isSlow() ? 1 : -1;
    slow += sign * lane.inFlight();
    others += sign * lane.firstInFlight();
  }

  /** Lets a lane wait for a place of the kind that its next delivery is. */
  void setAside(Lane lane) {
    if (aside.isEmpty()) {
      aside = new ArrayList<>();
      for (int i = 0; i < 2 * Traffic.KINDS; i++) {
        aside.add(new LinkedHashSet<>());
      }
    }
    Set<Lane> kept = aside.get(place(lane.nextTraffic(), lane.isSlow()));
    kept.add(lane);
    lane.asideAmong(kept);
  }

  /** Whether a lane waits here, and for the kind of place that it needs now. */
  boolean isAside(Lane lane) {
    return !aside.isEmpty()
        && lane.asideAmong() == aside.get(place(lane.nextTraffic(), lane.isSlow()));
  }

  /** Hands over one lane of each kind that is below its limit. */
  List<Lane> takeBack(FlightBudget.Kinds limits) {
    if (aside.isEmpty() || inFlight >= limits.total()) {
      return List.of();
    }
    List<Lane> back = new ArrayList<>(aside.size());
    for (Traffic traffic : Traffic.ALL) {
      takeBack(limits, traffic, false, back);
      takeBack(limits, traffic, true, back);
    }
    return back;
  }

  private void takeBack(
      FlightBudget.Kinds limits, Traffic traffic, boolean isSlow, List<Lane> back) {
    Set<Lane> kept = aside.get(place(traffic, isSlow));
    if (!kept.isEmpty() && admits(limits, traffic, isSlow)) {
      Lane lane = kept.iterator().next();
      kept.remove(lane);
      lane.asideAmong(null);
      back.add(lane);
    }
  }

  private static int place(Traffic traffic, boolean isSlow) {
    return 2 * traffic.rank() + (isSlow ? 1 : 0);
  }
}
