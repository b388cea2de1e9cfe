package dev.posthaste.loadtest.gatling;

import static io.gatling.javaapi.core.CoreDsl.global;

/** Shares of the knee, one after the other: none of it may be refused. */
public final class SteadySimulation extends EventsSimulation {
  /** Reads the plan. */
  public SteadySimulation() {
    super(
        global().failedRequests().count().is(0L),
        global().responseTime().percentile(99.0).lt(SLOW_MILLIS));
  }
}
