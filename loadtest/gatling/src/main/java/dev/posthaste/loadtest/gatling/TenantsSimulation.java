package dev.posthaste.loadtest.gatling;

import static io.gatling.javaapi.core.CoreDsl.global;

/** Many tenants, a few of them busy: none of it may be refused. */
public final class TenantsSimulation extends EventsSimulation {
  /** Reads the plan. */
  public TenantsSimulation() {
    super(
        global().failedRequests().count().is(0L),
        global().responseTime().percentile(99.0).lt(SLOW_MILLIS));
  }
}
