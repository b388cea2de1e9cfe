package dev.posthaste.cluster;

import dev.posthaste.store.NodeTable.Sighting;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * For how long the other nodes have given no sign of life, by this node's own clock: that of the
 * database may leap, and its heartbeats are old after an outage. Belongs to one event loop.
 */
final class SilentNodes {
  private final long leaseNanos;
  private Map<Sighting, Long> seenAtNanos = Map.of();

  SilentNodes(Duration lease) {
    this.leaseNanos = lease.toNanos();
  }

  /**
   * Takes note of what the other nodes look like.
   *
   * @param askedNanos before the database was asked
   * @param answeredNanos after it had answered
   * @return those that have looked the same for a lease at least
   */
  List<Sighting> among(List<Sighting> others, long askedNanos, long answeredNanos) {
    Map<Sighting, Long> now = new HashMap<>();
    others.forEach(one -> now.put(one, seenAtNanos.getOrDefault(one, answeredNanos)));
    seenAtNanos = now;
    return others.stream().filter(one -> askedNanos - now.get(one) >= leaseNanos).toList();
  }
}
