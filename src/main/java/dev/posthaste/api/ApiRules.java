package dev.posthaste.api;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * What the routes check beyond the document.
 *
 * @param contracts names of the wire contracts there are
 * @param urlFault what is wrong with a URL as the target of deliveries, in words that can follow
 *     "the URL"; empty if nothing is
 * @param maxEndpoints of a tenant
 * @param maxBodyBytes of a request
 * @param maxPayloadBytes of the data of one event
 * @param maxCatalogBytes of a request that imports a catalog
 * @param maxCatalogTypes in a catalog
 * @param retention for how long events are kept at least
 */
public record ApiRules(
    Set<String> contracts,
    Function<String, Optional<String>> urlFault,
    int maxEndpoints,
    int maxBodyBytes,
    int maxPayloadBytes,
    int maxCatalogBytes,
    int maxCatalogTypes,
    Duration retention) {
  /** Endpoints of a tenant, unless the operator says otherwise. */
  public static final int DEFAULT_MAX_ENDPOINTS = 10_000;

  /** Bytes of a request's body, unless the operator says otherwise. */
  public static final int DEFAULT_MAX_BODY_BYTES = 256 * 1024;

  /** What a replay may have besides the data. */
  private static final int REPLAY_ROOM_BYTES = 8 * 1024;

  public ApiRules {
    contracts = Set.copyOf(contracts);
  }

  /** Bytes of a request that replays a delivery: it may bring the data of the largest event. */
  int maxReplayBytes() {
    return maxPayloadBytes + REPLAY_ROOM_BYTES;
  }
}
