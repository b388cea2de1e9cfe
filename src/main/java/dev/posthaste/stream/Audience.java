package dev.posthaste.stream;

import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Who listens on this node: how many streams each tenant has on which event loops. Thread-safe;
 * asking on the way of events costs one volatile read.
 */
final class Audience {
  private static final int RETRY_SECONDS = 5;

  private final int maxStreams;
  private final int maxPerTenant;

  private final Clock clock;

  /** By tenant. Guarded by this. */
  private final Map<Long, Seats> seats = new HashMap<>();

  /** Guarded by this. */
  private int taken;

  /** Guarded by this. */
  private boolean closed;

  /** What the seats say, to be read without a lock; replaced as a whole. */
  private volatile Map<Long, List<LoopStreams>> loops = Map.of();

  Audience(int maxStreams, int maxPerTenant, Clock clock) {
    this.maxStreams = maxStreams;
    this.maxPerTenant = maxPerTenant;
    this.clock = clock;
  }

  /**
   * The streams of one tenant.
   *
   * @param sinceMillis when the first of them was opened
   * @param byLoop how many on which loop
   */
  private record Seats(long sinceMillis, Map<LoopStreams, Integer> byLoop) {
    int taken() {
      return byLoop.values().stream().mapToInt(count -> count).sum();
    }
  }

  /**
   * Takes a place for a stream.
   *
   * @throws ProblemException 429 if the tenant has too many, 503 if the node has or if it stops
   */
  synchronized void enter(long tenantId, LoopStreams loop) {
    if (closed) {
      throw new ProblemException(
          Problem.unavailable("This node stops. Connect again.", RETRY_SECONDS));
    }
    if (taken >= maxStreams) {
      throw new ProblemException(
          Problem.unavailable(
              "This node has as many streams as it may (stream.maxConnections). Try again.",
              RETRY_SECONDS));
    }
    Seats own = seats.getOrDefault(tenantId, new Seats(clock.millis(), new HashMap<>()));
    if (own.taken() >= maxPerTenant) {
      throw new ProblemException(
          Problem.overloaded(
              "The tenant has as many streams as it may (%d). Close one first."
                  .formatted(maxPerTenant),
              RETRY_SECONDS));
    }
    taken++;
    own.byLoop.merge(loop, 1, Integer::sum);
    seats.put(tenantId, own);
    publish();
  }

  /** Gives the place back. */
  synchronized void leave(long tenantId, LoopStreams loop) {
    Seats own = seats.get(tenantId);
    taken--;
    own.byLoop.computeIfPresent(loop, (known, count) -> count == 1 ? null : count - 1);
    if (own.byLoop.isEmpty()) {
      seats.remove(tenantId);
    }
    publish();
  }

  private void publish() {
    loops =
        seats.entrySet().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Map.Entry::getKey, entry -> List.copyOf(entry.getValue().byLoop.keySet())));
  }

  /** Lets nobody in any more. */
  synchronized void close() {
    closed = true;
  }

  /** Nobody listens at all. */
  boolean isEmpty() {
    return loops.isEmpty();
  }

  /** The tenants with a listener. */
  Set<Long> tenants() {
    return loops.keySet();
  }

  /** Since when each tenant has been heard here, in milliseconds since 1970. */
  synchronized Map<Long, Long> since() {
    return seats.entrySet().stream()
        .collect(
            Collectors.toUnmodifiableMap(
                Map.Entry::getKey, entry -> entry.getValue().sinceMillis()));
  }

  /** On which loops somebody listens to the tenant. */
  List<LoopStreams> loopsOf(long tenantId) {
    return loops.getOrDefault(tenantId, List.of());
  }
}
