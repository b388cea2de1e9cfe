package dev.posthaste.loadtest.plan;

/**
 * A stretch of a run with one rate, or with one that rises or falls evenly.
 *
 * @param from requests a second at its beginning
 * @param to requests a second at its end
 * @param measured whether it counts; if not, it only warms up
 */
public record Leg(String name, double from, double to, int seconds, boolean measured) {
  /** Of a whole number that was rounded down a little below itself. */
  private static final double ROUNDING = 1e-9;

  /** One rate throughout, which counts. */
  public static Leg level(String name, double rate, int seconds) {
    return new Leg(name, rate, rate, seconds, true);
  }

  /** Rises from next to nothing, and does not count. */
  public static Leg warmup(double rate, int seconds) {
    return new Leg("warm-up", Math.min(1, rate), rate, seconds, false);
  }

  boolean isLevel() {
    return from == to;
  }

  /** How many requests are due before a second of it, counted from 0. */
  int requestsBefore(int second) {
    if (isLevel()) {
      long all = Math.round(from * seconds);
      return (int) (second == seconds ? all : Math.ceil((double) all / seconds * second));
    }
    double slope = (to - from) / (2 * seconds);
    return (int) (from * second + slope * second * second + ROUNDING);
  }
}
