package dev.posthaste.loadtest.generator;

import java.util.Arrays;
import java.util.Random;
import java.util.function.IntSupplier;

/** Which of several kinds comes next. Not thread-safe. */
interface Mix extends IntSupplier {
  /** One after the other, over and over. */
  static Mix inTurn(int kinds) {
    int[] turn = {-1};
    return () -> turn[0] = (turn[0] + 1) % kinds;
  }

  /**
   * At random, but the same each time, as often as their weights say.
   *
   * @param weights of each kind; their sum may be anything
   */
  static Mix weighted(double[] weights) {
    double[] upTo = weights.clone();
    Arrays.parallelPrefix(upTo, Double::sum);
    Random random = new Random(1);
    return () -> {
      int at = Arrays.binarySearch(upTo, random.nextDouble() * upTo[upTo.length - 1]);
      return at >= 0 ? at + 1 : -at - 1;
    };
  }
}
