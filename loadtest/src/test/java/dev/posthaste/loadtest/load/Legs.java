package dev.posthaste.loadtest.load;

import java.util.Map;
import java.util.Optional;

/** Results as tests need them. */
final class Legs {
  private Legs() {}

  /** All went well. */
  static LegResult good(double rate) {
    return leg(rate, rate, rate, times(1, 5, 4), Map.of());
  }

  static LegResult leg(
      double requested,
      double sent,
      double achieved,
      LegResult.Times times,
      Map<Integer, Integer> others) {
    return new LegResult("leg", requested, sent, achieved, true, others, times, 0);
  }

  /** Milliseconds at p99. */
  static LegResult.Times times(double late, double answered, double answer) {
    return new LegResult.Times(
        p99(late), p99(answered), p99(answer), Percentiles.NONE, Optional.empty());
  }

  private static Percentiles p99(double millis) {
    return new Percentiles(0, millis, millis, millis);
  }
}
