package dev.posthaste.loadtest.server;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waits of a checker's own threads. */
public final class Pause {
  private static final long TICK_MILLIS = 50;

  private Pause() {}

  /** Sleeps; an interrupt ends the run. */
  public static void millis(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** Waits until the condition holds; says whether it did in time. */
  public static boolean until(Duration limit, BooleanSupplier condition) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      millis(TICK_MILLIS);
    }
    return true;
  }
}
