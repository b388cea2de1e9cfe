package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.wire.Timeline;
import org.HdrHistogram.Histogram;

/** How long events took between two times that each of them has. */
final class Spread {
  private static final long HIGHEST_MICROS = 3_600_000_000L;

  private final Histogram micros = new Histogram(HIGHEST_MICROS, 3);

  /**
   * Of the events whose time, that of their sending or another one, is in a window.
   *
   * <p>An arrival may be seen before the 202: both follow the commit, and the answer may take
   * longer. That counts as 0, as does a retry that is early.
   */
  static Spread between(Timeline from, Timeline to, Timeline times, Window window) {
    Spread spread = new Spread();
    for (int i = 0; i < times.size(); i++) {
      if (window.holds(times.get(i)) && from.get(i) != 0 && to.get(i) != 0) {
        spread.micros.recordValue(Math.clamp(to.get(i) - from.get(i), 0, HIGHEST_MICROS));
      }
    }
    return spread;
  }

  double millisAt(double percentile) {
    return micros.getValueAtPercentile(percentile) / 1_000.0;
  }

  double mostMillis() {
    return micros.getMaxValue() / 1_000.0;
  }

  /** From inclusive, to exclusive, in microseconds. */
  record Window(long from, long to) {
    boolean holds(long micros) {
      return micros >= from && micros < to;
    }

    double seconds() {
      return (to - from) / 1_000_000.0;
    }
  }
}
