package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.number;

/**
 * How long events and attempts are kept.
 *
 * @param days until a partition is dropped
 * @param partitionDays days in one partition, at most {@code days}
 * @param partitionsAhead partitions made before they are needed
 */
public record RetentionSettings(int days, int partitionDays, int partitionsAhead) {
  static RetentionSettings from(Section in) {
    return new RetentionSettings(
        in.one("days", number(1, 3_650)),
        in.one("partitionDays", number(1, 31)),
        in.one("partitionsAhead", number(1, 100)));
  }
}
