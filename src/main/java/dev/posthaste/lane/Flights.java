package dev.posthaste.lane;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The attempts under way that share one bound, those of an event loop or of a tenant on it, and the
 * lanes that wait until one of a kind ends that is at its limit.
 */
final class Flights {
  /** Of the last share, one part in so many is open to lanes of which nothing has come back yet. */
  private static final int UNKNOWN_PART = 2;

  /** Where lanes are set aside that wait because nothing has come back from them yet. */
  private static final int UNKNOWN = 2 * Traffic.KINDS;

  private int inFlight;
  private int unknown;
  private int slow;
  private int again;
  private int replays;
  private int others;

  /**
   * By rank of the traffic; fast lanes at even places, slow ones at odd ones; behind them the
   * unknown ones. Each in the order in which they came for their turn, wherever they have waited
   * since. Most tenants never need it.
   */
  private List<Set<Lane>> aside = List.of();

  int inFlight() {
    return inFlight;
  }

  int free(FlightBudget.Kinds limits) {
    return limits.total() - inFlight;
  }

  /** Whether one more of its kind may go of a ready lane that has been heard of. */
  boolean hasPlace(FlightBudget.Kinds limits, Lane lane) {
    return admits(limits, lane.nextTraffic(), lane.isSlow());
  }

  /**
   * Whether one more of its kind may go of a ready lane. If not, it waits here until one ends and
   * it is handed over by {@link #takeBack}.
   */
  boolean admits(FlightBudget.Kinds limits, Lane lane) {
    if (!lane.isKnown() && !admitsUnknown(limits)) {
      setAside(lane, UNKNOWN);
      return false;
    }
    if (!hasPlace(limits, lane)) {
      setAside(lane, place(lane.nextTraffic(), lane.isSlow()));
      return false;
    }
    return true;
  }

  /**
   * The others keep half of the last share for themselves; and unknown ones, while there are few of
   * them, get as much, however busy the others are, and at least one.
   */
  private boolean admitsUnknown(FlightBudget.Kinds limits) {
    int part = Math.max(1, (limits.total() - limits.others()) / UNKNOWN_PART);
    return inFlight < limits.others() + part || unknown < part;
  }

  private boolean admits(FlightBudget.Kinds limits, Traffic traffic, boolean isSlow) {
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
    if (!lane.isKnown()) {
      unknown += attempts;
    }
    if (lane.isSlow()) {
      slow += attempts;
    }
    if (lane.isSlow() || traffic != Traffic.FIRST) {
      others += attempts;
    }
  }

  /** Something has come back from a lane for the first time. */
  void known(Lane lane) {
    unknown -= lane.inFlight();
  }

  /** Counts what a lane has in flight anew: it has just become slow or fast. */
  void recount(Lane lane) {
    int sign = lane.isSlow() ? 1 : -1;
    slow += sign * lane.inFlight();
    others += sign * lane.firstInFlight();
  }

  private void setAside(Lane lane, int place) {
    if (aside.isEmpty()) {
      aside = new ArrayList<>();
      for (int i = 0; i <= UNKNOWN; i++) {
        aside.add(new TreeSet<>(Lane.BY_TURN));
      }
    }
    Set<Lane> kept = aside.get(place);
    kept.add(lane);
    lane.asideAmong(kept);
  }

  /** Whether a lane waits here, and for the kind of place that it needs now. */
  boolean isAside(Lane lane) {
    if (aside.isEmpty()) {
      return false;
    }
    return lane.asideAmong() == aside.get(UNKNOWN)
        ? !lane.isKnown()
        : lane.asideAmong() == aside.get(place(lane.nextTraffic(), lane.isSlow()));
  }

  /**
   * Hands over one lane of each kind that is below its limit, the one that has waited longest
   * first: kinds share a bound, and there may be a place for the first one only.
   */
  List<Lane> takeBack(FlightBudget.Kinds limits) {
    if (aside.isEmpty() || inFlight >= limits.total()) {
      return List.of();
    }
    List<Lane> back = new ArrayList<>(aside.size());
    for (int place = 0; place < aside.size(); place++) {
      if (place == UNKNOWN ? admitsUnknown(limits) : admits(limits, place)) {
        takeBack(place, back);
      }
    }
    back.sort(Lane.BY_TURN);
    return back;
  }

  private boolean admits(FlightBudget.Kinds limits, int place) {
    return admits(limits, Traffic.ALL.get(place / 2), place % 2 == 1);
  }

  private void takeBack(int place, List<Lane> back) {
    Set<Lane> kept = aside.get(place);
    if (!kept.isEmpty()) {
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
