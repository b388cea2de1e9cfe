package dev.posthaste.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.posthaste.loadtest.bench.Spread.Window;
import dev.posthaste.loadtest.wire.Timeline;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ChangesRunTest {
  private static final int WARM_UP = 5;
  private static final int COUNTED = 10;
  private static final Window LATER = new Window(micros(WARM_UP), Long.MAX_VALUE);

  private final Timeline made = new Timeline();
  private final Timeline arrived = new Timeline();

  ChangesRunTest() {
    for (int i = 0; i < WARM_UP + COUNTED; i++) {
      made.setFirst(i, micros(i));
      // 1 ms for the first that counts, 2 ms for the second, and so on; a second before.
      arrived.setFirst(i, micros(i) + (i < WARM_UP ? 1_000_000 : (i - WARM_UP + 1) * 1_000));
    }
  }

  private static long micros(int number) {
    return 1_000_000L * (1 + number);
  }

  @Test
  void theTimesAreFromTheAnswerToTheFirstArrivalAndThoseOfTheWarmUpDoNotCount() {
    Map<Metric, Double> figures = ChangesRun.figures(made, arrived, LATER);

    assertThat(figures.get(Metric.KNOWN_P50)).isCloseTo(5, within(0.01));
    assertThat(figures.get(Metric.KNOWN_P90)).isCloseTo(9, within(0.01));
    assertThat(figures.get(Metric.KNOWN_MAX)).isCloseTo(10, within(0.01));
    assertThat(figures).containsEntry(Metric.LOST, 0.0);
  }

  @Test
  void anEndpointThatGotNothingHasLostTheEventThatWentToIt() {
    assertThat(ChangesRun.figures(made, arrived.only(i -> i != 3), LATER))
        .containsEntry(Metric.LOST, 1.0);
  }

  @Test
  void twoNodesAreThereBesideNothingElse() {
    assertThat(Scenario.CHANGES.nodes()).isEqualTo(2);
    assertThat(Study.CHANGES.needs()).containsExactly(Needs.NONE);
    assertThat(Study.CHANGES.isWhole()).isTrue();
  }
}
