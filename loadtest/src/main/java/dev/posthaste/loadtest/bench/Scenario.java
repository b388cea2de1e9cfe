package dev.posthaste.loadtest.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/**
 * A fixed mix of load and receivers. Each endpoint has an event type of its own, unless an event
 * goes to several.
 */
enum Scenario {
  MAX("10 endpoints, as fast as it goes", 10),
  HTTPS("the same over TLS with kept connections", 10),
  STEADY("10 endpoints, 3,000 events/s", 10),
  SLOW("250 hosts that answer after 100 ms, as fast as it goes", 250),
  BATCH("10 endpoints, batches of 100, as fast as it goes", 10),
  FANOUT("each event goes to 10 endpoints, as fast as it goes; costs are per delivery", 10),
  CALM("79 healthy endpoints of 100, all of them healthy, at a fixed rate", 100),
  HURT("the same 79, while 10 hang, 10 answer 500 and 1 gets many times its rate limit", 100),
  SOUND("100 healthy endpoints, at a fixed rate", 100),
  TURNED("79 of them, from the moment at which 10 others hang and 10 answer 500", 100),
  FEW("100 hosts, the n-th gets 1/n, as fast as it goes", 100),
  MANY("10,000 hosts, the n-th gets 1/n, as fast as it goes", 10_000),
  PROMPT("250 hosts that answer at once, 10,000 events/s", 250),
  INFLIGHT("250 hosts that answer after 500 ms, 10,000 events/s", 250),
  TENS("the same, posted in batches of 10", 250),
  BEFORE(
      "10 healthy endpoints and one that takes retries, at a fixed rate; a twelfth goes down", 12),
  DURING("the 10 and the retries, while what the twelfth missed goes out to it", 12),
  AFTER("the 10 and the retries, afterwards", 12),
  HELLO("TLS, a connection and a full handshake for each delivery, 200 events/s", 10),
  RESUMED("the same with resumed sessions", 10),
  ONE("1 endpoint, as fast as it goes", 1),
  TEN("10 endpoints, as fast as it goes", 10),
  THOUSAND("1,000 endpoints, as fast as it goes", 1_000),
  MYRIAD("10,000 endpoints, as fast as it goes", 10_000),
  CROWD("10,000 endpoints, 5,000 events/s, a small heap", 10_000),
  NODE_1("10 endpoints, one node, as fast as it goes", 10),
  NODES_2("the same with two nodes on one PostgreSQL", 10),
  NODES_3("the same with three", 10),
  STANDING("10 endpoints, publishers that know all nodes on one PostgreSQL, at a fixed rate", 10),
  ROLLING("the same, while one node after the other is stopped and started again", 10),
  CHANGES(
      "60 endpoints made at one of two nodes, until an event posted to the other goes to it", 60),
  YOUNG("10 endpoints, as fast as it goes, nothing in the log", 10),
  OLD("the same with many attempts in the log", 10),
  JOIN("start to ready of a node whose PostgreSQL runs", 0),
  START("start to ready with the embedded PostgreSQL, its data there", 0);

  /** What a connection must have learnt, and the JIT: before it a run is not what it will be. */
  private static final int LONG_WARMUP_SECONDS = 60;

  /** Nodes that are new have cold JVMs. */
  private static final int NODES_WARMUP_SECONDS = 30;

  /** Events a second of the scenarios that measure a disturbance, unless told otherwise. */
  private static final double USUAL_RATE = 3_000;

  /** One node alone must do, and start beside it. */
  private static final double ROLLING_RATE = 1_500;

  /** The endpoint that is flooded. */
  private static final int FLOODED = 99;

  /** How many times it gets what the others get. */
  private static final int FLOOD = 10;

  private final String title;
  private final int endpoints;

  Scenario(String title, int endpoints) {
    this.title = title;
    this.endpoints = endpoints;
  }

  String title() {
    return title;
  }

  String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  int endpoints() {
    return endpoints;
  }

  Role role(int endpoint) {
    return switch (this) {
      case SLOW -> Role.SLOW;
      case INFLIGHT, TENS -> Role.VERY_SLOW;
      case HURT -> Role.ofHundred(endpoint);
      case SOUND, TURNED -> Role.ofHundredThatTurn(endpoint);
      case BEFORE, DURING, AFTER -> Role.ofTwelve(endpoint);
      case HTTPS -> Role.SECURE;
      case HELLO -> Role.SECURE_ONCE;
      case RESUMED -> Role.RESUMING;
      default -> Role.HEALTHY;
    };
  }

  /** Whose events the latencies and rates are of: in an undisturbed run those of the same ones. */
  IntPredicate counted() {
    return switch (this) {
      case CALM, HURT, SOUND, TURNED -> endpoint -> Role.ofHundred(endpoint) == Role.HEALTHY;
      case BEFORE, DURING, AFTER -> endpoint -> role(endpoint) == Role.HEALTHY;
      default -> any -> true;
    };
  }

  /** Whether some of what is sent may have to wait beyond the end of the run. */
  boolean leavesSome() {
    return this == HURT || this == BEFORE || this == SOUND;
  }

  /**
   * What is sent.
   *
   * @param rate of the scenarios that measure a disturbance
   */
  Load load(double rate) {
    return switch (this) {
      case STEADY -> Load.steady(3_000);
      case BATCH -> Load.batches(8, 100);
      case CALM, SOUND, TURNED, BEFORE, DURING, AFTER, STANDING, ROLLING -> Load.steady(rate);
      case HURT -> Load.steady(rate).flooding(FLOODED, FLOOD, endpoints);
      case FEW, MANY -> Load.zipf(256, endpoints);
      case PROMPT, INFLIGHT -> new Load(512, 10_000, 1, List.of());
      case TENS -> new Load(512, 10_000, 10, List.of());
      case HELLO, RESUMED -> Load.steady(200);
      case CROWD -> Load.steady(5_000).over(256);
      // Each is ten deliveries: more would only queue up.
      case FANOUT -> Load.fast(64);
      default -> Load.fast(256);
    };
  }

  /** Events a second, if it is one of those that measure a disturbance. */
  double usualRate() {
    return insists() ? ROLLING_RATE : USUAL_RATE;
  }

  /** Whether publishers send again, elsewhere, what was not answered with yes. */
  boolean insists() {
    return this == STANDING || this == ROLLING;
  }

  /** Endpoints that each event goes to. */
  int fanOut() {
    return this == FANOUT ? 10 : 1;
  }

  /** Kinds of events. */
  int types() {
    return endpoints / fanOut();
  }

  /** Nodes that share the PostgreSQL and the load. */
  int nodes() {
    return switch (this) {
      case NODES_2, CHANGES -> 2;
      case NODES_3 -> 3;
      default -> 1;
    };
  }

  /** Seconds: those that were asked for, or more if the scenario is nothing without them. */
  int warmup(int asked) {
    return switch (this) {
      // Half a minute after the start the JIT still takes a tenth of a core.
      case PROMPT, INFLIGHT, TENS, CALM, HURT, SOUND -> Math.max(asked, LONG_WARMUP_SECONDS);
      case NODE_1, NODES_2, NODES_3, STANDING, ROLLING -> Math.max(asked, NODES_WARMUP_SECONDS);
      default -> asked;
    };
  }

  /** Scenarios of equal needs share a server. */
  Needs needs() {
    return switch (this) {
      case PROMPT, INFLIGHT, TENS -> Needs.MANY_IN_FLIGHT;
      case BEFORE, DURING, AFTER -> Needs.DRAIN;
      case CROWD -> Needs.SMALL;
      case OLD -> Needs.HISTORY;
      case STANDING, ROLLING -> Needs.ROLLING;
      default -> Needs.NONE;
    };
  }
}
