package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.number;

import java.time.Duration;

/**
 * What operators are told.
 *
 * @param backlogAge how late the oldest due delivery of an endpoint may be without a word
 * @param exhaustedPerSecond failed deliveries told of one by one, per node
 */
public record AlertSettings(Duration backlogAge, int exhaustedPerSecond) {
  static AlertSettings from(Section in) {
    return new AlertSettings(
        in.one("backlogAge", duration("1s", "30d")),
        in.one("exhaustedPerSecond", number(1, 1_000)));
  }
}
