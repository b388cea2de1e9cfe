package dev.posthaste.lane;

import java.util.List;

/**
 * How many attempts of an event loop may be under way, of all tenants and of each, and how many of
 * each kind: slow endpoints, retries and replays are bounded each and together, so that first
 * attempts to fast endpoints always have a share of their own. The bounds of a kind hold for each
 * tenant too: with one tenant only, nobody else's share would be left for its other endpoints.
 *
 * <p>Once only the share that is kept for first attempts to fast endpoints is left, a lane gets
 * half as many as it leaves to the others, and one if its endpoint does not answer. An endpoint
 * that has always been fast and begins to hang counts as fast until it has been silent for long;
 * without this a few dozen of them, which begin together, could take everything before that, until
 * their timeout.
 *
 * <p>Lanes of which nothing has come back yet leave half of that share to the others: however many
 * new endpoints there are that hang from the start, those that are known to answer find room. Lanes
 * that have answered until now and begin to hang all at once cannot be told from those that go on
 * to answer. Each takes one place of that share, and more only if something has come back from it
 * just before: as many of them as it has places leave nothing, until their attempts time out. With
 * the settings as shipped these are 410 of a tenant and 820 of all, on all event loops together.
 */
public final class FlightBudget {
  /** When little is left, a lane may have one for so many that are left to the others. */
  private static final int LEFT_FOR_EACH = 2;

  private final Limits limits;
  private final Flights all = new Flights();

  /** How many turns lanes have come for. */
  private long turns;

  public FlightBudget(Limits limits) {
    this.limits = limits;
  }

  /** Attempts under way at most: of all, and of each tenant. */
  public record Limits(Kinds all, Kinds tenant) {}

  /**
   * Attempts under way at most, by kind.
   *
   * @param total all of them
   * @param slow to slow endpoints
   * @param again retries, and what a node left behind that died
   * @param replays asked for again
   * @param others everything but first attempts to fast endpoints
   */
  public record Kinds(int total, int slow, int again, int replays, int others) {}

  public int inFlight() {
    return all.inFlight();
  }

  boolean isFull() {
    return all.free(limits.all) <= 0;
  }

  boolean admits(TenantShare tenant) {
    return tenant.flights.free(limits.tenant) > 0;
  }

  /** Whether the lane may have one more, as far as what others need is concerned. */
  boolean leavesRoom(Lane lane, long nowNanos) {
    // A probe is one at a time anyway, and must not wait for what still hangs.
    return lane.inFlight() == 0
        || lane.breaker().isOpen()
        || (leavesRoom(lane, all, limits.all, nowNanos)
            && leavesRoom(lane, lane.tenant().flights, limits.tenant, nowNanos));
  }

  private static boolean leavesRoom(Lane lane, Flights flights, Kinds limits, long nowNanos) {
    return flights.inFlight() < limits.others
        || (lane.inFlight() * LEFT_FOR_EACH < flights.free(limits) && lane.isAnswering(nowNanos));
  }

  /**
   * Whether one more of its kind may go of a ready lane. If not, the lane waits for one to end and
   * comes back with {@link #back}; it keeps its place in the line until it has had its turn,
   * however often it comes back in vain.
   */
  boolean admits(Lane lane) {
    if (lane.turn() == 0) {
      lane.turn(++turns);
    }
    if (lane.isTurnOfOldest() && !hasPlace(lane)) {
      lane.goByRank();
    }
    return lane.tenant().flights.admits(limits.tenant, lane) && all.admits(limits.all, lane);
  }

  private boolean hasPlace(Lane lane) {
    return lane.tenant().flights.hasPlace(limits.tenant, lane) && all.hasPlace(limits.all, lane);
  }

  /** Whether a lane waits for the end of an attempt of the kind of its next delivery. */
  boolean isAside(Lane lane) {
    return all.isAside(lane) || lane.tenant().flights.isAside(lane);
  }

  /** Lanes that have waited for a place that is free now, one of each kind. */
  List<Lane> back() {
    return all.takeBack(limits.all);
  }

  /** The same of those that have waited for another attempt of their own tenant. */
  List<Lane> back(TenantShare tenant) {
    return tenant.flights.takeBack(limits.tenant);
  }

  /** An attempt of the lane begins, or with -1 has ended. */
  void count(Lane lane, Traffic traffic, int attempts) {
    if (attempts > 0) {
      lane.turn(0);
    }
    all.count(lane, traffic, attempts);
    lane.tenant().flights.count(lane, traffic, attempts);
  }

  /**
   * Counts what a lane has in flight anew when it has become known, slow or fast.
   *
   * @return whether it has, so that there may be places for others
   */
  boolean refresh(Lane lane) {
    boolean becameKnown = lane.refreshKnown();
    if (becameKnown) {
      all.known(lane);
      lane.tenant().flights.known(lane);
    }
    boolean changedSpeed = lane.refreshSlow();
    if (changedSpeed) {
      all.recount(lane);
      lane.tenant().flights.recount(lane);
    }
    return becameKnown || changedSpeed;
  }
}
