package dev.posthaste.loadtest.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a server must be started with.
 *
 * @param heap instead of the one that was asked for; empty for that one
 * @param history whether its log is filled before
 */
record Needs(String name, String heap, boolean history, Map<String, String> environment) {
  static final Needs NONE = new Needs("server", "", false, Map.of());
  static final Needs DRAIN = new Needs("drain", "", false, Map.of());
  static final Needs HISTORY = new Needs("history", "", true, Map.of());

  /** Heap and payloads of a container of half a gibibyte. */
  static final Needs SMALL =
      new Needs("small", "-Xmx192m", false, Map.of("POSTHASTE_FAIRNESS_MAX_QUEUED", "64MiB"));

  static final Needs MANY_IN_FLIGHT =
      new Needs(
          "inflight",
          "-Xmx512m",
          false,
          // All of it is one tenant's.
          Map.of(
              "POSTHASTE_DELIVERY_MAX_IN_FLIGHT", "6000",
              "POSTHASTE_FAIRNESS_MAX_IN_FLIGHT_PER_TENANT", "6000"));

  List<String> options(List<String> asked) {
    if (heap.isEmpty()) {
      return asked;
    }
    List<String> options = new ArrayList<>(asked);
    options.removeIf(option -> option.startsWith("-Xmx"));
    options.add(heap);
    return options;
  }
}
