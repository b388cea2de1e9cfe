package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.plan.Kind;
import dev.posthaste.loadtest.plan.Leg;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Climbs in large steps until a rate does not hold, then in small ones around the last that held.
 */
final class KneeSearch {
  /** From 500 events a second to 29,000. */
  private static final int LARGE_STEPS = 11;

  private static final double LARGE_STEP = 1.5;
  private static final List<Double> SMALL_STEPS = List.of(0.75, 0.9, 1.0, 1.1, 1.25, 1.4);

  /** Unanswered requests of so much time say that the next step would say nothing. */
  private static final int STOP_MILLIS = 2_000;

  private final InjectorRun injector;
  private final LoadOptions options;
  private final Bounds bounds;

  KneeSearch(InjectorRun injector, LoadOptions options, Bounds bounds) {
    this.injector = injector;
    this.options = options;
    this.bounds = bounds;
  }

  /** Finds it. */
  ProfileResult search(List<Kind> kinds) throws IOException, InterruptedException {
    ProfileResult coarse = climb(kinds, large());
    Knee about = Knee.of(coarse.legs(), bounds);
    if (!about.isFound()) {
      return coarse.withKnee(about, bounds.whyVoid(coarse.legs()));
    }
    ProfileResult fine = climb(kinds, small(about.rate()));
    Knee exact = Knee.of(fine.legs(), bounds);
    return coarse.and(fine).withKnee(exact.isFound() ? exact : about, Optional.empty());
  }

  private ProfileResult climb(List<Kind> kinds, List<Double> rates)
      throws IOException, InterruptedException {
    List<Leg> legs = new ArrayList<>();
    legs.add(Leg.warmup(rates.getFirst() / options.batch, options.warmup));
    rates.forEach(
        rate ->
            legs.add(Leg.level("%,.0f/s".formatted(rate), rate / options.batch, options.level)));
    return ProfileResult.of(
        injector.run(new InjectorRun.Load(Profile.KNEE, legs, kinds, STOP_MILLIS)), bounds);
  }

  private List<Double> large() {
    List<Double> rates = new ArrayList<>();
    double rate = Math.max(options.from, options.batch);
    for (int i = 0; i < LARGE_STEPS; i++) {
      rates.add(rate);
      rate *= LARGE_STEP;
    }
    return rates;
  }

  private static List<Double> small(double about) {
    return SMALL_STEPS.stream().map(factor -> factor * about).toList();
  }
}
