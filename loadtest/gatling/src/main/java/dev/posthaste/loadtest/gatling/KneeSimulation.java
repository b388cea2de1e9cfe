package dev.posthaste.loadtest.gatling;

/** A rate that rises until it does not hold. Its end is not its success, so it asserts nothing. */
public final class KneeSimulation extends EventsSimulation {
  /** Reads the plan. */
  public KneeSimulation() {
    super();
  }
}
