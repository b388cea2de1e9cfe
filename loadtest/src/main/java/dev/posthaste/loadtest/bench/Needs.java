package dev.posthaste.loadtest.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a server must be started with.
 *
 * @param heap instead of the one that was asked for; empty for that one
 * @param base the database that it has
 */
record Needs(String name, String heap, Base base, Map<String, String> environment) {
  static final Needs NONE = new Needs("server", "", Base.EMBEDDED, Map.of());
  static final Needs DRAIN = new Needs("drain", "", Base.EMBEDDED, Map.of());
  static final Needs HISTORY = new Needs("history", "", Base.FILLED, Map.of());

  /** Restarts are as in conf/container. */
  static final Needs ROLLING =
      new Needs("rolling", "", Base.APART, Map.of("POSTHASTE_HTTP_READY_GRACE", "5s"));

  /** Heap and payloads of a container of half a gibibyte. */
  static final Needs SMALL =
      new Needs(
          "small", "-Xmx160m", Base.EMBEDDED, Map.of("POSTHASTE_FAIRNESS_MAX_QUEUED", "64MiB"));

  static final Needs MANY_IN_FLIGHT =
      new Needs(
          "inflight",
          "-Xmx512m",
          Base.EMBEDDED,
          // All of it is one tenant's. Each event loop has an equal part, but not an equal part of
          // the endpoints: with little more than is needed, one that has fallen behind stays so.
          Map.of(
              "POSTHASTE_DELIVERY_MAX_IN_FLIGHT", "8000",
              "POSTHASTE_FAIRNESS_MAX_IN_FLIGHT_PER_TENANT", "8000"));

  /** The PostgreSQL of a server. */
  enum Base {
    /** That of the first node, empty. */
    EMBEDDED,
    /** The same with a log of many attempts. */
    FILLED,
    /** One that goes on when all nodes end. */
    APART
  }

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
