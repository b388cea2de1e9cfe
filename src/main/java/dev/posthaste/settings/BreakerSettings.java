package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.number;

import java.time.Duration;

/**
 * When deliveries to an endpoint that only fails wait in the database.
 *
 * @param failures in a row that open the breaker
 * @param probeInterval from opening to the first probe; doubles with each that fails
 * @param maxProbeInterval longest wait between two probes, at least probeInterval
 */
public record BreakerSettings(int failures, Duration probeInterval, Duration maxProbeInterval) {

  static BreakerSettings from(Section in) {
    return new BreakerSettings(
        in.one("failures", number(1, 100_000)),
        in.one("probeInterval", duration("10ms", "10m")),
        in.one("maxProbeInterval", duration("10ms", "1h")));
  }
}
