package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.bytes;
import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.number;

import java.time.Duration;

/**
 * How tenants and endpoints share a node. Percentages are of {@code delivery.maxInFlight}, and of
 * each tenant's part of it.
 *
 * @param maxInFlightPerTenant requests under way; 0 for half of those of the node
 * @param slowAfter an endpoint whose requests take longer is slow
 * @param slowSharePercent of slow endpoints together
 * @param retrySharePercent of retries together
 * @param replaySharePercent of replays together
 * @param reservedPercent kept for first attempts to fast endpoints; of this, and of the same part
 *     of the memory, each endpoint gets little
 * @param maxQueuedBytes payloads in memory
 * @param maxQueuedPerTenantBytes of one tenant
 */
public record FairnessSettings(
    int maxInFlightPerTenant,
    Duration slowAfter,
    int slowSharePercent,
    int retrySharePercent,
    int replaySharePercent,
    int reservedPercent,
    int maxQueuedBytes,
    int maxQueuedPerTenantBytes) {

  static FairnessSettings from(Section in) {
    return new FairnessSettings(
        in.one("maxInFlightPerTenant", number(0, 1_000_000)),
        in.one("slowAfter", duration("10ms", "1m")),
        in.one("slowSharePercent", number(1, 100)),
        in.one("retrySharePercent", number(1, 100)),
        in.one("replaySharePercent", number(1, 100)),
        in.one("reservedPercent", number(0, 90)),
        in.one("maxQueued", bytes("1MiB", "1GiB")),
        in.one("maxQueuedPerTenant", bytes("1MiB", "1GiB")));
  }
}
