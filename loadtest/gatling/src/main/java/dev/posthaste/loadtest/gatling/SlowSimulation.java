package dev.posthaste.loadtest.gatling;

import static io.gatling.javaapi.core.CoreDsl.global;

/** One rate while some receivers are slow, hang or fail: publishers must not notice. */
public final class SlowSimulation extends EventsSimulation {
  /** Reads the plan. */
  public SlowSimulation() {
    super(
        global().failedRequests().count().is(0L),
        global().responseTime().percentile(99.0).lt(SLOW_MILLIS));
  }
}
