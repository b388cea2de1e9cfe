package dev.posthaste.loadtest.generator;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class PaceTest {
  @Test
  void anOpenPaceKeepsTheIntendedTimesOfWhatIsLate() {
    Pace pace = Pace.open(1_000_000, 2_000_000, 4);

    assertThat(pace.next(999_999)).isEqualTo(Pace.NOT_YET);
    assertThat(pace.next(1_600_000)).isEqualTo(1_000_000);
    assertThat(pace.next(1_600_000)).isEqualTo(1_250_000);
    assertThat(pace.next(1_600_000)).isEqualTo(1_500_000);
    assertThat(pace.next(1_600_000)).isEqualTo(Pace.NOT_YET);
    assertThat(pace.next(9_000_000)).isEqualTo(1_750_000);
    assertThat(pace.next(9_000_000)).isEqualTo(Pace.OVER);
  }

  @Test
  void aClosedPaceIsAlwaysDueUntilItsEnd() {
    Pace pace = Pace.closed(100);

    assertThat(pace.next(99)).isEqualTo(99);
    assertThat(pace.next(100)).isEqualTo(Pace.OVER);
  }
}
