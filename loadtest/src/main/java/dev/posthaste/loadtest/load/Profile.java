package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.plan.Leg;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A form of load. */
enum Profile {
  KNEE,
  STEADY,
  BURST,
  SLOW,
  TENANTS,
  SOAK;

  private static final int STEADY_SECONDS = 15;
  private static final int SOAK_SECONDS = 600;
  private static final int MIX_SECONDS = 30;
  private static final int CALM_SECONDS = 10;
  private static final int MINUTE = 60;
  private static final double LESS = 0.2;
  private static final double SOME = 0.3;
  private static final double HALF = 0.5;

  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The class that plays it. */
  String simulation() {
    String name = name().charAt(0) + code().substring(1);
    return "dev.posthaste.loadtest.gatling." + name + "Simulation";
  }

  /** Whether its rates are shares of the knee. */
  boolean needsKnee(LoadOptions options) {
    return this == STEADY || (this != KNEE && options.rate.isEmpty());
  }

  /** Seconds of what is measured, or of one level of it. */
  int seconds(LoadOptions options) {
    return options.duration.orElse(
        switch (this) {
          case STEADY -> STEADY_SECONDS;
          case SOAK -> SOAK_SECONDS;
          case BURST -> CALM_SECONDS;
          case KNEE, SLOW, TENANTS -> MIX_SECONDS;
        });
  }

  /**
   * What is sent.
   *
   * @param knee events a second
   */
  List<Leg> legs(LoadOptions options, double knee) {
    return switch (this) {
      case STEADY -> steady(options, knee / options.batch);
      case BURST -> burst(options, options.rate(knee, LESS) / options.batch);
      case SOAK -> soak(options, options.rate(knee, HALF) / options.batch);
      case SLOW, TENANTS -> mix(options, options.rate(knee, SOME) / options.batch);
      case KNEE -> throw new IllegalStateException("its levels follow from one another");
    };
  }

  private List<Leg> steady(LoadOptions options, double rate) {
    List<Leg> legs = new ArrayList<>(List.of(Leg.warmup(rate * HALF, options.warmup)));
    for (int percent : List.of(50, 70, 90)) {
      legs.add(Leg.level(percent + " % of the knee", rate * percent / 100, seconds(options)));
    }
    return legs;
  }

  private List<Leg> burst(LoadOptions options, double rate) {
    return List.of(
        Leg.warmup(rate, options.warmup),
        Leg.level("before the burst", rate, seconds(options)),
        Leg.level("burst", rate * options.times, options.burst),
        Leg.level("after the burst", rate, seconds(options)));
  }

  /** Minute by minute, to see whether it gets worse. */
  private List<Leg> soak(LoadOptions options, double rate) {
    List<Leg> legs = new ArrayList<>(List.of(Leg.warmup(rate, options.warmup)));
    for (int left = seconds(options); left > 0; left -= MINUTE) {
      legs.add(Leg.level("minute " + legs.size(), rate, Math.min(left, MINUTE)));
    }
    return legs;
  }

  private List<Leg> mix(LoadOptions options, double rate) {
    return List.of(Leg.warmup(rate, options.warmup), Leg.level(code(), rate, seconds(options)));
  }
}
