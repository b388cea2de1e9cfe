package dev.posthaste.loadtest.bench;

import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What can be asked for: one scenario, or several that are compared with each other. */
enum Study {
  MAX(Scenario.MAX),
  STEADY(Scenario.STEADY),
  SLOW(Scenario.SLOW),
  BATCH(Scenario.BATCH),
  FANOUT(Scenario.FANOUT),
  TLS(Scenario.MAX, Scenario.HTTPS),
  START(Scenario.JOIN, Scenario.START),
  ISOLATION(Scenario.CALM, Scenario.HURT),
  ONSET(Scenario.SOUND, Scenario.TURNED),
  ZIPF(Scenario.FEW, Scenario.MANY),
  INFLIGHT(Scenario.PROMPT, Scenario.INFLIGHT),
  TENS(Scenario.INFLIGHT, Scenario.TENS),
  DRAIN(Scenario.BEFORE, Scenario.DURING, Scenario.AFTER),
  HANDSHAKES(Scenario.HELLO, Scenario.RESUMED),
  ENDPOINTS(Scenario.ONE, Scenario.TEN, Scenario.THOUSAND, Scenario.MYRIAD, Scenario.CROWD),
  CROWD(Scenario.CROWD),
  NODES(Scenario.NODE_1, Scenario.NODES_2, Scenario.NODES_3),
  ROLLING(Scenario.STANDING, Scenario.ROLLING),
  CHANGES(Scenario.CHANGES),
  HISTORY(Scenario.YOUNG, Scenario.OLD);

  /** Each endpoint is a host of its own, to which one event loop of the server connects. */
  private static final int MANY_SOCKETS = 12_000;

  // List.of() gives one that cannot change.
  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Scenario> scenarios;

  Study(Scenario... scenarios) {
    this.scenarios = List.of(scenarios);
  }

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Sockets that the server and the receiver have open at the same time, about. */
  int sockets() {
    return switch (this) {
      case INFLIGHT, TENS, ZIPF, ENDPOINTS, CROWD -> MANY_SOCKETS;
      default -> 0;
    };
  }

  /** In the order in which they run. */
  List<Scenario> scenarios() {
    return scenarios;
  }

  /** Whether it is about what one run has over another. */
  boolean compares() {
    return EnumSet.of(ISOLATION, ZIPF, TLS, INFLIGHT, TENS, HANDSHAKES, ENDPOINTS, NODES, HISTORY)
        .contains(this);
  }

  /** Whether the least that a dispatcher can do is enough for it. */
  boolean suitsBare() {
    return EnumSet.of(MAX, STEADY, SLOW, INFLIGHT).contains(this);
  }

  /** Whether it has a run of its own kind, of which its scenarios are parts. */
  boolean isWhole() {
    return EnumSet.of(START, ONSET, DRAIN, ROLLING, CHANGES).contains(this);
  }

  /** Studies of equal needs share their servers. */
  Set<Needs> needs() {
    Set<Needs> needs = new LinkedHashSet<>();
    scenarios.forEach(scenario -> needs.add(scenario.needs()));
    return needs;
  }
}
