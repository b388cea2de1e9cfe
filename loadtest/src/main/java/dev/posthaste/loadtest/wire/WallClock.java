package dev.posthaste.loadtest.wire;

import java.time.Instant;

/** The clock that all processes of one machine share, in microseconds since 1970. */
public final class WallClock {
  private WallClock() {}

  public static long micros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }
}
