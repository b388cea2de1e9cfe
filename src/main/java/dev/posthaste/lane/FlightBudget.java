package dev.posthaste.lane;

/**
 * How many attempts of an event loop may be under way, and how many of each kind: slow endpoints,
 * retries and replays are bounded each and together, so that first attempts to fast endpoints
 * always have a share of their own.
 */
public final class FlightBudget {
  private final Limits limits;
  private int inFlight;
  private int slow;
  private int again;
  private int replays;
  private int others;

  public FlightBudget(Limits limits) {
    this.limits = limits;
  }

  /**
   * Attempts under way at most.
   *
   * @param total all of them
   * @param perTenant of one tenant
   * @param slow to slow endpoints
   * @param again retries, and what a node left behind that died
   * @param replays asked for again
   * @param others everything but first attempts to fast endpoints
   */
  public record Limits(int total, int perTenant, int slow, int again, int replays, int others) {}

  public int inFlight() {
    return inFlight;
  }

  boolean isFull() {
    return inFlight >= limits.total;
  }

  boolean admits(TenantShare tenant) {
    return tenant.inFlight < limits.perTenant;
  }

  /** Whether one more of the kind may go, its tenant left aside. */
  boolean admits(Traffic traffic, boolean isSlow) {
    if (isFull()) {
      return false;
    }
    if (traffic == Traffic.FIRST && !isSlow) {
      return true;
    }
    return others < limits.others
        && (!isSlow || slow < limits.slow)
        && (traffic != Traffic.AGAIN || again < limits.again)
        && (traffic != Traffic.REPLAY || replays < limits.replays);
  }

  /** An attempt of the lane begins, or with -1 has ended. */
  void count(Lane lane, Traffic traffic, int attempts) {
    inFlight += attempts;
    lane.tenant().inFlight += attempts;
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

  /** Counts what a lane has in flight anew when it has become slow or fast. */
  public void refresh(Lane lane) {
    if (lane.refreshSlow()) {
      int sign = lane.isSlow() ? 1 : -1;
      slow += sign * lane.inFlight();
      others += sign * lane.firstInFlight();
    }
  }
}
