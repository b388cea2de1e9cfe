package dev.posthaste.alert;

import java.util.HashMap;
import java.util.Map;

/**
 * When endpoints last took a delivery, for the few heartbeats until it is known here whether they
 * fail on other nodes. Holds only endpoints that were sent to lately. Belongs to one event loop.
 */
final class RecentSuccesses {
  private Map<Long, Time> current = new HashMap<>();
  private Map<Long, Time> earlier = new HashMap<>();

  void note(long endpointId, long atMillis) {
    current.computeIfAbsent(endpointId, id -> new Time()).millis = atMillis;
  }

  /** Milliseconds since 1970; 0 if it is not known. */
  long last(long endpointId) {
    Time time = current.getOrDefault(endpointId, earlier.get(endpointId));
    return time == null ? 0 : time.millis;
  }

  /** Forgets what was noted before the call before. */
  void age() {
    earlier = current;
    current = new HashMap<>();
  }

  private static final class Time {
    private long millis;
  }
}
