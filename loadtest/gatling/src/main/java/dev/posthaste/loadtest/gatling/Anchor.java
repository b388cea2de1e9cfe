package dev.posthaste.loadtest.gatling;

import java.util.concurrent.atomic.AtomicLong;

/**
 * When the plan began, by the one user that was least late: no user begins before its time, so the
 * earliest of these guesses is the best one. Thread-safe.
 */
final class Anchor {
  private final AtomicLong earliest = new AtomicLong(Long.MAX_VALUE);

  /** Learns from a user that begins now; gives the best guess so far in microseconds. */
  long see(long nowMicros, long offsetMicros) {
    long guess = nowMicros - offsetMicros;
    return guess < earliest.get() ? earliest.accumulateAndGet(guess, Math::min) : earliest.get();
  }

  /** The best guess, or 0 if no user has begun. */
  long micros() {
    long best = earliest.get();
    return best == Long.MAX_VALUE ? 0 : best;
  }
}
