package dev.posthaste.loadtest.gatling;

import static io.gatling.javaapi.core.CoreDsl.global;

/**
 * Many times the rate for some seconds. Some of it may be refused, but all of it must be answered.
 */
public final class BurstSimulation extends EventsSimulation {
  /** Reads the plan. */
  public BurstSimulation() {
    super(global().responseTime().max().lt(ANSWER_MILLIS));
  }
}
