package dev.posthaste.alert;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which endpoints fail, as far as this node knows from its own attempts and from those that other
 * nodes have reported. A success of any other endpoint is no news. Used on any thread.
 */
final class FailingEndpoints {
  private final Set<Long> ids = ConcurrentHashMap.newKeySet();

  boolean contains(long endpointId) {
    return !ids.isEmpty() && ids.contains(endpointId);
  }

  void set(long endpointId, boolean failing) {
    if (failing) {
      ids.add(endpointId);
    } else {
      ids.remove(endpointId);
    }
  }
}
