package dev.posthaste.dispatch;

import dev.posthaste.lane.Breaker;
import dev.posthaste.lane.FlightBudget;
import dev.posthaste.lane.Lane;
import dev.posthaste.settings.BreakerSettings;
import dev.posthaste.settings.DeliverySettings;
import dev.posthaste.settings.FairnessSettings;

/**
 * The bounds of the lanes of one event loop: its share of those of the node.
 *
 * @param ceiling attempts under way to an endpoint that sets no limit of its own
 * @param idleNanos after which an idle lane is forgotten
 * @param forgottenAtOnce idle lanes in one sweep
 * @param maxBytes payloads in memory
 * @param maxBytesPerTenant the same of one tenant
 */
record LaneLimits(
    Lane.Rules lane,
    FlightBudget.Limits flights,
    int ceiling,
    long idleNanos,
    int forgottenAtOnce,
    long maxBytes,
    long maxBytesPerTenant) {
  private static final int FORGOTTEN_AT_ONCE = 2_000;
  private static final int ALL = 100;

  /**
   * The share of one loop.
   *
   * @param loops how many divide those of the node
   */
  static LaneLimits of(
      DeliverySettings delivery, FairnessSettings fairness, BreakerSettings breaker, int loops) {
    return new LaneLimits(
        new Lane.Rules(
            delivery.laneQueue(),
            delivery.maxHold().toNanos(),
            fairness.slowAfter().toNanos(),
            new Breaker.Rules(
                breaker.failures(),
                breaker.probeInterval().toNanos(),
                breaker.maxProbeInterval().toNanos())),
        flights(delivery, fairness, loops),
        delivery.maxInFlightPerEndpoint(),
        delivery.laneIdle().toNanos(),
        FORGOTTEN_AT_ONCE,
        fairness.maxQueuedBytes() / loops,
        fairness.maxQueuedPerTenantBytes() / loops);
  }

  private static FlightBudget.Limits flights(
      DeliverySettings delivery, FairnessSettings fairness, int loops) {
    int total = Math.max(1, delivery.maxInFlight() / loops);
    int perTenant =
        fairness.maxInFlightPerTenant() == 0 ? total / 2 : fairness.maxInFlightPerTenant() / loops;
    return new FlightBudget.Limits(
        total,
        Math.max(1, perTenant),
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
