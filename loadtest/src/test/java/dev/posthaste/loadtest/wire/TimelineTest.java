package dev.posthaste.loadtest.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TimelineTest {
  private final Timeline timeline = new Timeline();

  @Test
  void keepsTheFirstTime() {
    assertThat(timeline.setFirst(3, 100)).isTrue();
    assertThat(timeline.setFirst(3, 200)).isFalse();

    assertThat(timeline.get(3)).isEqualTo(100);
    assertThat(timeline.get(2)).isZero();
    assertThat(timeline.get(4)).isZero();
    assertThat(timeline.size()).isEqualTo(4);
  }

  @Test
  void growsAndComesBackFromBytes() {
    timeline.setFirst(1_000_000, 7);
    timeline.setFirst(0, 5);

    Timeline read = Timeline.of(timeline.toBytes());

    assertThat(read.size()).isEqualTo(1_000_001);
    assertThat(read.get(1_000_000)).isEqualTo(7);
    assertThat(read.get(0)).isEqualTo(5);
  }

  @Test
  void countsWhatIsMissingElsewhere() {
    Timeline there = new Timeline();
    timeline.setFirst(1, 10);
    timeline.setFirst(9, 10);
    there.setFirst(1, 20);
    there.setFirst(2, 20);

    assertThat(timeline.without(there)).isEqualTo(1);
  }

  @Test
  void countsAWindowWithItsStartAndWithoutItsEnd() {
    for (int i = 0; i < 10; i++) {
      timeline.setFirst(i, 100 + i);
    }

    assertThat(timeline.countBetween(102, 105)).isEqualTo(3);
  }
}
