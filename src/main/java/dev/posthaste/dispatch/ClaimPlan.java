package dev.posthaste.dispatch;

import dev.posthaste.settings.DeferredSettings;
import dev.posthaste.store.DeferredStore;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How much the next look may take of each endpoint: little while many want their turn, more while
 * few do, and never more than its lane takes. Belongs to the event loop of the claimer.
 */
public final class ClaimPlan {
  private final DeferredSettings settings;
  private final LaneRooms rooms;
  private final ClaimedBytes bytes;

  /** Of one endpoint that may be on this node at a time: half of its lane. */
  private final int mostHeld;

  /** How many claimed deliveries of each endpoint are on this node. */
  private final Map<Long, Integer> held = new HashMap<>();

  private Map<Long, Integer> lastRooms = Map.of();
  private int perEndpoint;
  private final ClaimTurns turns = new ClaimTurns();

  /**
   * @param laneQueue deliveries that wait in one lane
   */
  public ClaimPlan(DeferredSettings settings, int laneQueue, LaneRooms rooms, ClaimedBytes bytes) {
    this.settings = settings;
    this.bytes = bytes;
    this.mostHeld = Math.max(1, laneQueue / 2);
    this.rooms = rooms;
    this.perEndpoint = fewest();
  }

  private int fewest() {
    return Math.min(settings.claimPerEndpoint(), mostHeld);
  }

  DeferredSettings settings() {
    return settings;
  }

  /** Called on any thread when a lane takes something again that did not. */
  void onRoom(Runnable action) {
    rooms.onRoom(action);
  }

  DeferredStore.Limits limits() {
    return new DeferredStore.Limits(
        settings.lease(),
        settings.claimHorizon(),
        perEndpoint,
        settings.claimBatch(),
        settings.claimEndpoints(),
        bytes.room());
  }

  /** To be called before each look, and before it is asked what the look may take. */
  void begin(long nowNanos) {
    bytes.sweep(nowNanos);
  }

  /** Whether memory has no room for anything more. */
  boolean isFull() {
    return bytes.isFull();
  }

  /** Tenants that have enough in memory. */
  Set<Long> fullTenants() {
    return bytes.full();
  }

  /** What the look has brought stays in memory from now on; it is to be passed on as this. */
  List<DeferredStore.Due> keep(List<DeferredStore.Due> due, long nowNanos) {
    return bytes.keep(due, nowNanos);
  }

  /** The endpoint after which the next look goes on. */
  long after() {
    return turns.after();
  }

  /** The endpoints that take less than others in the look that begins, and how much. */
  Map<Long, Integer> rooms(long nowNanos) {
    Map<Long, Integer> fewer = new HashMap<>();
    held.forEach(
        (endpoint, count) -> {
          if (mostHeld - count < perEndpoint) {
            fewer.put(endpoint, Math.max(0, mostHeld - count));
          }
        });
    rooms.forEach(
        (endpoint, room) ->
            fewer.merge(endpoint, Math.min(perEndpoint, room.rows(nowNanos)), Math::min));
    lastRooms = fewer;
    return fewer;
  }

  /** The look has ended with this. */
  void took(DeferredStore.Look look) {
    Map<Long, Integer> taken = new HashMap<>();
    for (DeferredStore.Due one : look.due()) {
      taken.merge(one.delivery().endpointId(), 1, Integer::sum);
    }
    rooms.forEach(
        (endpoint, room) -> {
          if (!look.hasLeft(endpoint) && isDrained(endpoint, taken, look.reached())) {
            room.drained(true);
          }
        });
    if (look.due().size() >= settings.claimBatch() || !look.cut().isEmpty()) {
      perEndpoint = fewest();
    } else if (taken.containsValue(perEndpoint)) {
      perEndpoint = Math.min(mostHeld, perEndpoint * 2);
    }
    turns.took(look);
  }

  /** What was found goes into the lanes of this node, and is released when it is settled. */
  void holds(List<DeferredStore.Due> given) {
    for (DeferredStore.Due one : given) {
      held.merge(one.delivery().endpointId(), 1, Integer::sum);
    }
  }

  /** Whether the table seems to have nothing more that is due. */
  boolean isIdle() {
    return turns.isIdle();
  }

  /** Whether the look has come by and the table had less than it might have taken. */
  private boolean isDrained(long endpoint, Map<Long, Integer> taken, long reached) {
    int allowed = lastRooms.getOrDefault(endpoint, 0);
    boolean visited = turns.passes(endpoint) && (reached == 0 || endpoint < reached);
    return visited && taken.getOrDefault(endpoint, 0) < allowed;
  }

  /** Claimed deliveries of these endpoints, one per entry, are settled. */
  void released(List<Long> endpointIds) {
    for (Long id : endpointIds) {
      held.computeIfPresent(id, (key, count) -> count > 1 ? count - 1 : null);
    }
  }
}
