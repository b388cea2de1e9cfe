package dev.posthaste.support;

import dev.posthaste.store.Fence;
import dev.posthaste.store.NodeTable;
import dev.posthaste.store.NodeTable.Sighting;

/** What a survivor sees of a node, for tests that take one over without waiting for its silence. */
public final class Sightings {
  private static final int NOBODY = -1;

  private Sightings() {}

  /** As it looks now; fails the test if it is not listed as alive. */
  public static Sighting of(NodeTable nodes, Fence fence) {
    return Await.value(nodes.others(NOBODY)).stream()
        .filter(seen -> seen.fence().equals(fence))
        .findFirst()
        .orElseThrow(() -> new AssertionError(fence + " is not alive"));
  }
}
