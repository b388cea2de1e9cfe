package dev.posthaste.loadtest.bare;

import java.util.concurrent.atomic.AtomicLong;

/** Numbers that sort by time: milliseconds above 22 bits of a sequence. Thread-safe. */
final class EventIds {
  private static final int TIME_SHIFT = 22;

  private final AtomicLong last = new AtomicLong();

  long next() {
    long now = System.currentTimeMillis() << TIME_SHIFT;
    return last.updateAndGet(previous -> Math.max(previous + 1, now));
  }
}
