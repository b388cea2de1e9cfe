package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.bytes;
import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.number;

import java.time.Duration;

/**
 * The stream of events as they are accepted.
 *
 * @param maxConnections open streams on this node
 * @param maxConnectionsPerTenant of these, for one tenant
 * @param maxWaitingBytes that may wait for one reader
 * @param maxQueuedBytes of events on their way to all readers of an event loop
 * @param pingInterval pause between two pings
 * @param idleTimeout silence after which a reader is dropped
 * @param lookInterval pause between two looks for events of other nodes
 * @param lookEvents that one look takes at most
 */
public record StreamSettings(
    int maxConnections,
    int maxConnectionsPerTenant,
    int maxWaitingBytes,
    int maxQueuedBytes,
    Duration pingInterval,
    Duration idleTimeout,
    Duration lookInterval,
    int lookEvents) {
  static StreamSettings from(Section in) {
    return new StreamSettings(
        in.one("maxConnections", number(0, 100_000)),
        in.one("maxConnectionsPerTenant", number(0, 100_000)),
        in.one("maxWaiting", bytes("64KiB", "256MiB")),
        in.one("maxQueued", bytes("64KiB", "1GiB")),
        in.one("pingInterval", duration("100ms", "10m")),
        in.one("idleTimeout", duration("200ms", "1h")),
        in.one("lookInterval", duration("50ms", "1m")),
        in.one("lookEvents", number(1, 10_000)));
  }
}
