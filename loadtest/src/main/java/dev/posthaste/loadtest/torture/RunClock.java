package dev.posthaste.loadtest.torture;

import java.time.Duration;
import java.time.Instant;

/** Microseconds since the run began; never goes back. Thread-safe. */
final class RunClock {
  private final long origin = System.nanoTime();

  /** When a wall clock showed this time. */
  long microsAt(Instant wallClock) {
    return micros() - Duration.between(wallClock, Instant.now()).toNanos() / 1_000;
  }

  long micros() {
    return (System.nanoTime() - origin) / 1_000;
  }
}
