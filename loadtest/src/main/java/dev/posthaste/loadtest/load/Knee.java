package dev.posthaste.loadtest.load;

import java.util.List;
import java.util.Optional;

/**
 * The highest rate that holds.
 *
 * @param rate events a second; 0 if no rate held
 * @param end what became of the next step
 */
record Knee(double rate, String end) {

  /**
   * The highest of rising legs that holds. One below it that does not was disturbed by something
   * else: more of the same held.
   */
  static Knee of(List<LegResult> rising, Bounds bounds) {
    int next = rising.size();
    while (next > 0 && !bounds.hold(rising.get(next - 1))) {
      next--;
    }
    double held = next == 0 ? 0 : rising.get(next - 1).requested();
    return next == rising.size()
        ? new Knee(held, "no step failed: there may be more")
        : new Knee(held, why(rising.get(next), bounds));
  }

  private static String why(LegResult leg, Bounds bounds) {
    Optional<String> invalid = bounds.whyVoid(leg);
    if (invalid.isPresent()) {
      return "at least that: at %,.0f events a second ".formatted(leg.requested()) + invalid.get();
    }
    return "at %,.0f events a second %,.0f were accepted, p99 of the answers %,.0f ms, %,d refused"
        .formatted(leg.requested(), leg.achieved(), leg.times().answered().p99(), leg.refused());
  }

  boolean isFound() {
    return rate > 0;
  }
}
