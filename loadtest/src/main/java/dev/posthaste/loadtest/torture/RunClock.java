package dev.posthaste.loadtest.torture;

/** Microseconds since the run began; never goes back. Thread-safe. */
final class RunClock {
  private final long origin = System.nanoTime();

  long micros() {
    return (System.nanoTime() - origin) / 1_000;
  }
}
