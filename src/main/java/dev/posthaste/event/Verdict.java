package dev.posthaste.event;

/** What a contract makes of a reply. */
public enum Verdict {
  /** The endpoint has it. */
  DELIVERED,
  /** Worth another attempt, if the schedule has one left. */
  RETRY,
  /** Final: another attempt would not help. */
  FAILED,
  /** Final, and the endpoint says that it wants nothing any more (410 Gone). */
  GONE
}
