package dev.posthaste.dispatch;

import dev.posthaste.lane.Breaker;
import dev.posthaste.lane.FlightBudget;
import dev.posthaste.lane.Lane;
import dev.posthaste.settings.BreakerSettings;
import dev.posthaste.settings.DeliverySettings;
import dev.posthaste.settings.FairnessSettings;
import java.time.Duration;

/**
 * The bounds of the lanes of one event loop: its share of those of the node.
 *
 * @param ceiling attempts under way to an endpoint that sets no limit of its own
 * @param idle when idle lanes of endpoints are forgotten
 * @param idleDirect when those of destinations that events bring are
 * @param maxBytes payloads in memory
 * @param maxBytesPerTenant the same of one tenant
 * @param reservedPercent of these bytes, of which a lane gets little
 */
record LaneLimits(
    Lane.Rules lane,
    FlightBudget.Limits flights,
    int ceiling,
    IdleLanes.Rules idle,
    IdleLanes.Rules idleDirect,
    long maxBytes,
    long maxBytesPerTenant,
    int reservedPercent) {
  private static final int FORGOTTEN_AT_ONCE = 2_000;
  private static final int ALL = 100;

  /**
   * Within so many pauses between looks into the table, and two seconds at least, a lane with room
   * has what is there for it: two after a look that failed, and a rotation takes several looks
   * where very many endpoints wait.
   */
  private static final int LOOKS = 3;

  private static final long SHORTEST_FORSAKEN_NANOS = 2_000_000_000L;

  /** The share of one loop. */
  static LaneLimits of(DispatchVerticle.Shared shared) {
    DeliverySettings delivery = shared.settings();
    FairnessSettings fairness = shared.fairness();
    BreakerSettings breaker = shared.breaker();
    int loops = shared.loops();
    return new LaneLimits(
        new Lane.Rules(
            delivery.laneQueue(),
            delivery.maxHold().toNanos(),
            fairness.slowAfter().toNanos(),
            forsakenNanos(shared.claimInterval()),
            new Breaker.Rules(
                breaker.failures(),
                breaker.probeInterval().toNanos(),
                breaker.maxProbeInterval().toNanos())),
        flights(delivery, fairness, loops),
        delivery.maxInFlightPerEndpoint(),
        new IdleLanes.Rules(
            delivery.laneIdle().toNanos(), Long.MAX_VALUE, Integer.MAX_VALUE, FORGOTTEN_AT_ONCE),
        direct(shared),
        fairness.maxQueuedBytes() / loops,
        fairness.maxQueuedPerTenantBytes() / loops,
        fairness.reservedPercent());
  }

  /** For so long a place that is the table's waits for what comes from there. */
  static long forsakenNanos(Duration claimInterval) {
    return Math.max(SHORTEST_FORSAKEN_NANOS, LOOKS * claimInterval.toNanos());
  }

  /**
   * There may be one for each event that comes, and nothing may be heard of it ever again. As long
   * as anything of one waits in the table, it is tried once in the longest pause between probes.
   */
  private static IdleLanes.Rules direct(DispatchVerticle.Shared shared) {
    long idle = shared.direct().laneIdle().toNanos();
    return new IdleLanes.Rules(
        idle,
        idle + shared.breaker().maxProbeInterval().toNanos(),
        shared.direct().maxIdleLanes() / shared.loops(),
        FORGOTTEN_AT_ONCE);
  }

  private static FlightBudget.Limits flights(
      DeliverySettings delivery, FairnessSettings fairness, int loops) {
    int total = Math.max(1, delivery.maxInFlight() / loops);
    int perTenant =
        fairness.maxInFlightPerTenant() == 0 ? total / 2 : fairness.maxInFlightPerTenant() / loops;
    return new FlightBudget.Limits(kinds(total, fairness), kinds(Math.max(1, perTenant), fairness));
  }

  private static FlightBudget.Kinds kinds(int total, FairnessSettings fairness) {
    return new FlightBudget.Kinds(
        total,
        percent(total, fairness.slowSharePercent()),
        percent(total, fairness.retrySharePercent()),
        percent(total, fairness.replaySharePercent()),
        percent(total, ALL - fairness.reservedPercent()));
  }

  private static int percent(int total, int share) {
    return Math.max(1, total * share / ALL);
  }

  long holdMillis() {
    return lane.holdNanos() / 1_000_000L;
  }
}
