package dev.posthaste.loadtest.load;

import java.util.List;
import java.util.Optional;

/**
 * What a leg must keep to, so that it holds or so that it says anything at all.
 *
 * @param answeredMillis to the 202 at p99
 * @param lateMillis that the injector may be late at p99
 */
record Bounds(double answeredMillis, double lateMillis) {
  /** Of what was requested. */
  static final double ENOUGH = 0.98;

  /** Why a leg says nothing of the server, if so. */
  Optional<String> whyVoid(LegResult leg) {
    return how(leg).map(how -> "the injector lagged, " + leg.name() + ": " + how);
  }

  private Optional<String> how(LegResult leg) {
    double late = leg.times().late().p99();
    if (late > lateMillis) {
      return Optional.of("p99 of its users began %,.0f ms late".formatted(late));
    }
    if (leg.complete() && leg.sent() < ENOUGH * leg.requested()) {
      return Optional.of(
          "it sent %,.0f of %,.0f events a second".formatted(leg.sent(), leg.requested()));
    }
    if (isShort(leg) && leg.complete() && leg.refused() == 0 && answersFast(leg)) {
      return Optional.of(
          "%,.0f of %,.0f events a second were answered, each of them fast"
              .formatted(leg.achieved(), leg.requested()));
    }
    return Optional.empty();
  }

  /** The first reason of several legs. */
  Optional<String> whyVoid(List<LegResult> legs) {
    return legs.stream().map(this::whyVoid).flatMap(Optional::stream).findFirst();
  }

  private static boolean isShort(LegResult leg) {
    return leg.achieved() < ENOUGH * leg.requested();
  }

  private boolean answersFast(LegResult leg) {
    return leg.times().answer().p99() <= answeredMillis;
  }

  /** Whether the server kept up. */
  boolean hold(LegResult leg) {
    return leg.complete()
        && !isShort(leg)
        && leg.times().answered().p99() <= answeredMillis
        && whyVoid(leg).isEmpty();
  }
}
