package dev.posthaste.loadtest.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** A fixed mix of load and receivers, at fan-out 1: each endpoint has an event type of its own. */
enum Scenario {
  MAX("10 endpoints, as fast as it goes", 10),
  STEADY("10 endpoints, 3,000 events/s", 10),
  SLOW("250 hosts that answer after 100 ms, as fast as it goes", 250),
  BATCH("10 endpoints, batches of 100, as fast as it goes", 10),
  CALM("79 healthy endpoints of 100, all of them healthy, at a fixed rate", 100),
  HURT("the same 79, while 10 hang, 10 answer 500 and 1 gets many times its rate limit", 100),
  FEW("100 hosts, the n-th gets 1/n, as fast as it goes", 100),
  MANY("10,000 hosts, the n-th gets 1/n, as fast as it goes", 10_000),
  INFLIGHT("250 hosts that answer after 500 ms, 10,000 events/s", 250),
  BEFORE("10 healthy endpoints at a fixed rate, an eleventh goes down", 11),
  DURING("the 10, while what the eleventh missed goes out to it", 11),
  AFTER("the 10, afterwards", 11);

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
    return name().toLowerCase(Locale.ROOT);
  }

  int endpoints() {
    return endpoints;
  }

  Role role(int endpoint) {
    return switch (this) {
      case SLOW -> Role.SLOW;
      case INFLIGHT -> Role.VERY_SLOW;
      case HURT -> Role.ofHundred(endpoint);
      case BEFORE, DURING, AFTER -> endpoint == endpoints - 1 ? Role.GATED : Role.HEALTHY;
      case MAX, STEADY, BATCH, CALM, FEW, MANY -> Role.HEALTHY;
    };
  }

  /** Whose events the latencies and rates are of: in an undisturbed run those of the same ones. */
  IntPredicate counted() {
    return switch (this) {
      case CALM, HURT -> endpoint -> Role.ofHundred(endpoint) == Role.HEALTHY;
      case BEFORE, DURING, AFTER -> endpoint -> role(endpoint) == Role.HEALTHY;
      case MAX, STEADY, SLOW, BATCH, FEW, MANY, INFLIGHT -> any -> true;
    };
  }

  /** Whether some of what is sent may have to wait beyond the end of the run. */
  boolean leavesSome() {
    return this == HURT || this == BEFORE;
  }

  /**
   * What is sent.
   *
   * @param rate of the scenarios that measure a disturbance
   */
  Load load(double rate) {
    return switch (this) {
      case MAX, SLOW -> Load.fast(256);
      case STEADY -> Load.steady(3_000);
      case BATCH -> Load.batches(8, 100);
      case CALM, BEFORE, DURING, AFTER -> Load.steady(rate);
      case HURT -> Load.steady(rate).flooding(FLOODED, FLOOD, endpoints);
      case FEW, MANY -> Load.zipf(256, endpoints);
      case INFLIGHT -> new Load(512, 10_000, 1, List.of());
    };
  }
}
