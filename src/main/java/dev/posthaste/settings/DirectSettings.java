package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.number;

import java.time.Duration;

/**
 * Limits of destinations that events bring themselves: a URL of a tenant each.
 *
 * @param maxInFlightPerUrl requests under way to one of them from this node
 * @param perSecondPerUrl requests to one of them, from all nodes together; 0 for no limit
 * @param laneIdle how long what was learnt of one is kept: longer than a retry may wait in memory
 * @param maxIdleLanes of how many that get nothing it is kept at most, on this node
 */
public record DirectSettings(
    int maxInFlightPerUrl, int perSecondPerUrl, Duration laneIdle, int maxIdleLanes) {

  static DirectSettings from(Section in) {
    return new DirectSettings(
        in.one("maxInFlightPerUrl", number(1, 10_000)),
        in.one("perSecondPerUrl", number(0, 1_000_000)),
        in.one("laneIdle", duration("10s", "1h")),
        in.one("maxIdleLanes", number(0, 10_000_000)));
  }
}
