package dev.posthaste.lane;

/**
 * How many bytes of payload the lanes of an event loop may hold: waiting, in flight, or seconds
 * before a retry. An event for several endpoints counts once for each, although it is there once.
 *
 * <p>As with attempts under way, a lane gets little of the last share: what waits for a few
 * endpoints that hang leaves room for the others of their tenant.
 *
 * <p>What is large beside these bounds would never find so much free while others come and go. So
 * one such delivery at a time is let in whatever the others hold: the bounds are exceeded by its
 * size, and by no more.
 */
public final class MemoryBudget {
  /**
   * What a delivery takes besides its payload, about. Without it small ones would count as nothing,
   * and those of one tenant fill what ingest allows to be unsettled.
   */
  public static final int OVERHEAD = 768;

  /** Of what is left when little is, a lane gets at most one part in so many. */
  private static final int PARTS = 8;

  private static final int ALL = 100;

  private final Bound all;
  private final Bound ofTenant;
  private final long large;
  private long used;
  private int largeHeld;

  /**
   * @param most in bytes
   * @param mostPerTenant in bytes
   * @param reservedPercent of each that a lane gets little of
   */
  public MemoryBudget(long most, long mostPerTenant, int reservedPercent) {
    this.all = new Bound(most, most * (ALL - reservedPercent) / ALL);
    this.ofTenant = new Bound(mostPerTenant, mostPerTenant * (ALL - reservedPercent) / ALL);
    this.large = mostPerTenant / PARTS;
  }

  private record Bound(long most, long open) {
    boolean admits(long used, int bytes, Lane lane) {
      long after = used + bytes;
      return used == 0
          || after <= open
          || (after <= most && (lane.bytes == 0 || lane.bytes + bytes <= (most - used) / PARTS));
    }
  }

  /**
   * Whether there is room. A tenant that holds nothing gets it for one beyond its own bound, as far
   * as that of all allows.
   */
  public boolean admits(Lane lane, int payload) {
    int bytes = payload + OVERHEAD;
    return (largeHeld == 0 && isLarge(bytes))
        || (all.admits(used, bytes, lane) && ofTenant.admits(lane.tenant().bytes, bytes, lane));
  }

  /** Of the last share a lane that holds anything would never get so much. */
  private boolean isLarge(int bytes) {
    return bytes > large;
  }

  /** A delivery of the lane is in memory. */
  public void take(Lane lane, int payload) {
    count(lane, payload + OVERHEAD);
  }

  /** It has left. */
  public void giveBack(Lane lane, int payload) {
    count(lane, -(payload + OVERHEAD));
  }

  private void count(Lane lane, int bytes) {
    used += bytes;
    lane.tenant().bytes += bytes;
    lane.bytes += bytes;
    if (isLarge(Math.abs(bytes))) {
      largeHeld += Integer.signum(bytes);
    }
  }

  public long used() {
    return used;
  }
}
