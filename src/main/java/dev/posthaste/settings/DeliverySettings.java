package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.bytes;
import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.number;

import java.time.Duration;

/**
 * Sending.
 *
 * @param maxInFlight requests under way on this node; each event loop has an equal part
 * @param maxInFlightPerEndpoint the ceiling of a lane's adaptive limit
 * @param laneQueue deliveries that wait in memory for one endpoint
 * @param maxHold longest wait in memory
 * @param laneIdle how long what was learnt of an endpoint is kept while nothing is sent to it
 * @param outcomeFlushWait longest an outcome waits for others; zero writes at once
 * @param outcomeBufferLimit outcomes kept while the database is away, with a KiB of answer each
 * @param maxConnectionsPerOrigin per event loop, but for the few that each endpoint has of its own
 * @param connectTimeout to a receiver
 * @param keepAlive of an idle connection
 * @param maxResponseBytes read of an answer
 * @param keptResponseBytes stored of an answer, at most maxResponseBytes
 * @param drainGrace how long a stop waits for requests under way
 */
public record DeliverySettings(
    int maxInFlight,
    int maxInFlightPerEndpoint,
    int laneQueue,
    Duration maxHold,
    Duration laneIdle,
    Duration outcomeFlushWait,
    int outcomeBufferLimit,
    int maxConnectionsPerOrigin,
    Duration connectTimeout,
    Duration keepAlive,
    int maxResponseBytes,
    int keptResponseBytes,
    Duration drainGrace) {

  static DeliverySettings from(Section in) {
    return new DeliverySettings(
        in.one("maxInFlight", number(1, 1_000_000)),
        in.one("maxInFlightPerEndpoint", number(1, 10_000)),
        in.one("laneQueue", number(1, 1_000_000)),
        in.one("maxHold", duration("1s", "1m")),
        in.one("laneIdle", duration("1s", "1d")),
        in.one("outcomeFlushWait", duration("0ms", "1s")),
        in.one("outcomeBufferLimit", number(1, 10_000_000)),
        in.one("maxConnectionsPerOrigin", number(1, 10_000)),
        in.one("connectTimeout", duration("100ms", "1m")),
        in.one("keepAlive", duration("1s", "10m")),
        in.one("maxResponse", bytes("1KiB", "1MiB")),
        in.one("keptResponse", bytes("0B", "1MiB")),
        in.one("drainGrace", duration("0ms", "10m")));
  }
}
