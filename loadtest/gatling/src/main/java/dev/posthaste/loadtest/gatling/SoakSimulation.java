package dev.posthaste.loadtest.gatling;

import static io.gatling.javaapi.core.CoreDsl.global;

/** One rate for long: none of it may be refused. */
public final class SoakSimulation extends EventsSimulation {
  /** Reads the plan. */
  public SoakSimulation() {
    super(
        global().failedRequests().count().is(0L),
        global().responseTime().percentile(99.0).lt(SLOW_MILLIS));
  }
}
