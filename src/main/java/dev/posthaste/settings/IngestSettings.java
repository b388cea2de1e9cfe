package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.bytes;
import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.number;

import java.time.Duration;

/**
 * Taking events in.
 *
 * @param maxPayloadBytes of the data of one event
 * @param maxBodyBytes of a request
 * @param maxBatchEvents events in one request
 * @param maxQueuedEvents on this node, in memory and not yet committed
 * @param maxUnsettledEvents on this node, committed and not yet settled
 * @param flushMaxEvents events in one INSERT, at least maxBatchEvents
 * @param flushesInFlight INSERTs under way per event loop
 * @param flushSpacing from the start of one INSERT to the next, at least
 * @param idempotencyWindow how long a client's event id is remembered
 * @param eventsPerSecondPerTenant on this node; 0 = no limit
 */
public record IngestSettings(
    int maxPayloadBytes,
    int maxBodyBytes,
    int maxBatchEvents,
    int maxQueuedEvents,
    int maxUnsettledEvents,
    int flushMaxEvents,
    int flushesInFlight,
    Duration flushSpacing,
    Duration idempotencyWindow,
    int eventsPerSecondPerTenant) {

  static IngestSettings from(Section in) {
    return new IngestSettings(
        in.one("maxPayload", bytes("1KiB", "16MiB")),
        in.one("maxBody", bytes("1KiB", "64MiB")),
        in.one("maxBatchEvents", number(1, 10_000)),
        in.one("maxQueuedEvents", number(1, 10_000_000)),
        in.one("maxUnsettledEvents", number(1, 10_000_000)),
        in.one("flushMaxEvents", number(1, 50_000)),
        in.one("flushesInFlight", number(1, 16)),
        in.one("flushSpacing", duration("0ms", "100ms")),
        in.one("idempotencyWindow", duration("1m", "30d")),
        in.one("eventsPerSecondPerTenant", number(0, 10_000_000)));
  }
}
