package dev.posthaste.loadtest.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
  @Test
  void spreadsALevelOverItsSeconds() {
    Schedule schedule = new Schedule(List.of(Leg.level("level", 4, 2)));

    assertThat(schedule.requests()).isEqualTo(8);
    assertThat(schedule.dueMicros(0)).isZero();
    assertThat(schedule.dueMicros(1)).isEqualTo(250_000);
    assertThat(schedule.dueMicros(4)).isEqualTo(1_000_000);
    assertThat(schedule.dueMicros(7)).isEqualTo(1_750_000);
  }

  @Test
  void raisesARamp() {
    Schedule schedule = new Schedule(List.of(new Leg("ramp", 0, 10, 2, false)));

    assertThat(schedule.requests()).isEqualTo(10);
    assertThat(schedule.dueMicros(1)).isLessThan(1_000_000);
    assertThat(schedule.dueMicros(2)).isGreaterThanOrEqualTo(1_000_000);
  }

  @Test
  void countsLegsOneAfterTheOther() {
    Schedule schedule =
        new Schedule(
            List.of(Leg.warmup(10, 2), Leg.level("first", 100, 3), Leg.level("second", 50, 2)));

    assertThat(schedule.requests(1)).isEqualTo(300);
    assertThat(schedule.requests(2)).isEqualTo(100);
    assertThat(schedule.beginMicros(2)).isEqualTo(5_000_000);
    assertThat(schedule.endMicros(2)).isEqualTo(7_000_000);
    int firstOfSecond = schedule.requests(0) + 300;
    assertThat(schedule.legOf(firstOfSecond - 1)).isEqualTo(1);
    assertThat(schedule.legOf(firstOfSecond)).isEqualTo(2);
    assertThat(schedule.dueMicros(firstOfSecond)).isEqualTo(5_000_000);
  }

  @Test
  void leavesSecondsWithoutARequestEmpty() {
    Schedule schedule = new Schedule(List.of(Leg.level("rare", 0.5, 6)));

    assertThat(schedule.requests()).isEqualTo(3);
    assertThat(schedule.dueMicros(0)).isZero();
    assertThat(schedule.dueMicros(1)).isEqualTo(2_000_000);
    assertThat(schedule.dueMicros(2)).isEqualTo(4_000_000);
  }
}
