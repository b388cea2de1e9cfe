package dev.posthaste.settings;

import static dev.posthaste.settings.Forms.duration;
import static dev.posthaste.settings.Forms.number;

import java.time.Duration;

/**
 * Bringing deferred deliveries back.
 *
 * @param claimInterval pause between two claims
 * @param claimHorizon how far ahead a claim takes rows, at least claimInterval
 * @param claimBatch rows of one claim
 * @param claimPerEndpoint rows of one endpoint in one claim
 * @param claimEndpoints endpoints of one claim
 * @param lease how long a claimed row belongs to a node
 * @param orderedRun rows of one key that are claimed together
 */
public record DeferredSettings(
    Duration claimInterval,
    Duration claimHorizon,
    int claimBatch,
    int claimPerEndpoint,
    int claimEndpoints,
    Duration lease,
    int orderedRun) {

  static DeferredSettings from(Section in) {
    return new DeferredSettings(
        in.one("claimInterval", duration("50ms", "1m")),
        in.one("claimHorizon", duration("50ms", "5m")),
        in.one("claimBatch", number(1, 50_000)),
        in.one("claimPerEndpoint", number(1, 10_000)),
        in.one("claimEndpoints", number(1, 100_000)),
        in.one("lease", duration("5s", "1h")),
        in.one("orderedRun", number(1, 1_000)));
  }
}
