package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Settlement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void a_limit_of_sixty_in_a_minute_lets_one_go_each_second() {
    Pacer pacer = Pacer.of(60, 60);
    assertThat(pacer.waitNanos(5)).isZero();
    pacer.take(5);
    assertThat(pacer.waitNanos(5)).isEqualTo(SECOND);
    assertThat(pacer.waitNanos(5 + SECOND)).isZero();
  }

  @Test
  void no_window_holds_more_than_the_limit() {
    Pacer pacer = Pacer.of(7, 3);
    long now = 0;
    int sent = 0;
    while (now < 30 * SECOND) {
      now += pacer.waitNanos(now);
      pacer.take(now);
      sent++;
    }
    assertThat(sent).isBetween(70, 71);
  }

  @Test
  void time_that_was_not_used_is_not_saved_up() {
    Pacer pacer = Pacer.of(1, 1);
    pacer.take(0);
    pacer.take(100 * SECOND);
    assertThat(pacer.waitNanos(100 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void a_lane_is_ready_again_when_its_pace_lets_it_go() {
    Lane lane = new Lane(1, 10, new AimdLimit(10));
    lane.allow(Pacer.of(1, 1), 10);
    lane.offer(delivery(), 0);
    lane.offer(delivery(), 0);
    lane.start(0);
    assertThat(lane.isReady(0)).isFalse();
    assertThat(lane.paceNanos(0)).isEqualTo(SECOND);
    assertThat(lane.isReady(SECOND)).isTrue();
  }

  @Test
  void the_clock_may_begin_below_zero() {
    Pacer pacer = Pacer.of(1, 1);
    assertThat(pacer.waitNanos(Long.MIN_VALUE / 2)).isZero();
    pacer.take(Long.MIN_VALUE / 2);
    assertThat(pacer.waitNanos(Long.MIN_VALUE / 2)).isEqualTo(SECOND);
  }

  private static Delivery delivery() {
    Event event =
        new Event(
            1,
            1,
            "a",
            0,
            Optional.empty(),
            Optional.empty(),
            Payload.of("{}"),
            Optional.empty(),
            List.of(1L));
    return new Delivery(
        event, 1, 0, Attempt.Trigger.LIVE, false, Optional.empty(), Settlement.NONE);
  }
}
