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

  /** Follows rising legs up to the first that does not hold. */
  static Knee of(List<LegResult> rising, Bounds bounds) {
    double held = 0;
    for (LegResult leg : rising) {
      if (!bounds.hold(leg)) {
        return new Knee(held, why(leg, bounds));
      }
      held = leg.requested();
    }
    return new Knee(held, "no step failed: there may be more");
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
