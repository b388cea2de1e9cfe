package dev.posthaste.loadtest.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What can be asked for: one scenario, or several that are compared with each other. */
enum Study {
  MAX,
  STEADY,
  SLOW,
  BATCH,
  ISOLATION,
  ZIPF,
  INFLIGHT,
  DRAIN;

  private static final int MANY_SOCKETS = 12_000;

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Sockets that the server and the receiver have open at the same time, about. */
  int sockets() {
    return this == INFLIGHT || this == ZIPF ? MANY_SOCKETS : 0;
  }

  /** In the order in which they run, and of the table. */
  List<Scenario> scenarios() {
    return switch (this) {
      case MAX -> List.of(Scenario.MAX);
      case STEADY -> List.of(Scenario.STEADY);
      case SLOW -> List.of(Scenario.SLOW);
      case BATCH -> List.of(Scenario.BATCH);
      case ISOLATION -> List.of(Scenario.CALM, Scenario.HURT);
      case ZIPF -> List.of(Scenario.FEW, Scenario.MANY);
      case INFLIGHT -> List.of(Scenario.INFLIGHT);
      case DRAIN -> List.of(Scenario.BEFORE, Scenario.DURING, Scenario.AFTER);
    };
  }

  /** Whether it is about what one run has over another. */
  boolean compares() {
    return this == ISOLATION || this == ZIPF;
  }

  /** Studies of equal needs share a server. */
  Needs needs() {
    return switch (this) {
      case INFLIGHT -> Needs.MANY_IN_FLIGHT;
      case DRAIN -> Needs.DRAIN;
      case MAX, STEADY, SLOW, BATCH, ISOLATION, ZIPF -> Needs.NONE;
    };
  }

  /**
   * What a server must be started with.
   *
   * @param heap instead of the one that was asked for; empty for that one
   */
  record Needs(String name, String heap, Map<String, String> environment) {
    private static final Needs NONE = new Needs("server", "", Map.of());
    private static final Needs DRAIN = new Needs("drain", "", Map.of());
    private static final Needs MANY_IN_FLIGHT =
        new Needs(
            "inflight",
            "-Xmx512m",
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
}
