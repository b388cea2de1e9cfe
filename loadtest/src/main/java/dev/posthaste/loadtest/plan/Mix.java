package dev.posthaste.loadtest.plan;

import java.util.Arrays;
import java.util.List;

/**
 * Which kind an event is, as often as the weights say and the same in each run of a plan.
 * Immutable.
 */
public final class Mix {
  /** Spreads neighbours over the whole range: 2^64 divided by the golden ratio. */
  private static final long GOLDEN = 0x9E3779B97F4A7C15L;

  private final double[] upTo;

  public Mix(List<Kind> kinds) {
    upTo = kinds.stream().mapToDouble(Kind::weight).toArray();
    Arrays.parallelPrefix(upTo, Double::sum);
  }

  /** The number of the kind of an event, both counted from 0. */
  public int kindOf(long event) {
    double share = ((event * GOLDEN) >>> 11) * 0x1.0p-53;
    int at = Arrays.binarySearch(upTo, share * upTo[upTo.length - 1]);
    return at >= 0 ? Math.min(at + 1, upTo.length - 1) : -at - 1;
  }
}
