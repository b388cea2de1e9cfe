package dev.posthaste.contract;

/** What becomes of the events that an endpoint would have got while it was disabled. */
public enum MissedPolicy {
  /** Counted as missed; a range replay brings them. What waits is kept. */
  RECOVERABLE,
  /** Not kept for the endpoint, nor is what waits once it is enabled again. */
  DROPPED
}
