package dev.posthaste.loadtest.generator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MixTest {
  private static final int MANY = 100_000;

  @Test
  void takesTurns() {
    Mix mix = Mix.inTurn(3);

    assertThat(IntStream.range(0, 7).map(i -> mix.getAsInt())).containsExactly(0, 1, 2, 0, 1, 2, 0);
  }

  @Test
  void drawsAsOftenAsTheWeightsSay() {
    Mix mix = Mix.weighted(new double[] {1, 0, 6, 3});
    int[] drawn = new int[4];
    for (int i = 0; i < MANY; i++) {
      drawn[mix.getAsInt()]++;
    }

    assertThat(drawn[0]).isCloseTo(MANY / 10, within(MANY / 100));
    assertThat(drawn[1]).isZero();
    assertThat(drawn[2]).isCloseTo(6 * MANY / 10, within(MANY / 100));
  }
}
