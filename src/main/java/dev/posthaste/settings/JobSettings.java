package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.number;

import java.time.Duration;

/**
 * Bringing back ranges of deliveries.
 *
 * @param maxWaiting deliveries of one job that wait in the table at once
 * @param batch events that one step looks at
 * @param interval pause of a job that has nothing to do at the moment
 */
public record JobSettings(int maxWaiting, int batch, Duration interval) {
  static JobSettings from(Section in) {
    return new JobSettings(
        in.one("maxWaiting", number(1, 100_000)),
        in.one("batch", number(1, 10_000)),
        in.one("interval", duration("50ms", "1m")));
  }
}
