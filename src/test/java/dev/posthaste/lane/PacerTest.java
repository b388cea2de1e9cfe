package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacerTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void a_limit_of_sixty_in_a_minute_lets_one_go_each_second() {
    Pacer pacer = pacer(60, 60);
    assertThat(pacer.waitNanos(5)).isZero();
    pacer.take(5);
    assertThat(pacer.waitNanos(5)).isEqualTo(SECOND);
    assertThat(pacer.waitNanos(5 + SECOND)).isZero();
  }

  @Test
  void no_window_holds_more_than_the_limit() {
    Pacer pacer = pacer(7, 3);
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
    Pacer pacer = pacer(1, 1);
    pacer.take(0);
    pacer.take(100 * SECOND);
    assertThat(pacer.waitNanos(100 * SECOND)).isEqualTo(SECOND);
  }

  @Test
  void a_lane_is_ready_again_when_its_pace_lets_it_go() {
    Lane lane = new Lane(1, new TenantShare(1), LaneTest.RULES, new AimdLimit(10));
    lane.allow(Pacer.interval(1, 1), 10);
    lane.paceFor(1);
    lane.add(LaneTest.live(1), 0);
    lane.add(LaneTest.live(2), 0);
    lane.start(0);
    assertThat(lane.isReady(0)).isFalse();
    assertThat(lane.paceNanos(0)).isEqualTo(SECOND);
    assertThat(lane.isReady(SECOND)).isTrue();
  }

  @Test
  void the_clock_may_begin_below_zero() {
    Pacer pacer = pacer(1, 1);
    assertThat(pacer.waitNanos(Long.MIN_VALUE / 2)).isZero();
    pacer.take(Long.MIN_VALUE / 2);
    assertThat(pacer.waitNanos(Long.MIN_VALUE / 2)).isEqualTo(SECOND);
  }

  @Test
  void a_new_pace_holds_for_the_next_send_and_the_clock_goes_on() {
    Pacer pacer = pacer(1, 10);
    pacer.take(0);
    pacer.interval(4 * SECOND);
    assertThat(pacer.waitNanos(SECOND)).isEqualTo(3 * SECOND);
    pacer.interval(0);
    assertThat(pacer.waitNanos(SECOND)).isZero();
    pacer.interval(2 * SECOND);
    assertThat(pacer.waitNanos(SECOND)).isEqualTo(SECOND);
  }

  @Test
  void says_how_many_sends_fit_into_a_time() {
    assertThat(pacer(1, 2).sendsWithin(5 * SECOND)).isEqualTo(3);
    assertThat(pacer(1, 60).sendsWithin(5 * SECOND)).isEqualTo(1);
    assertThat(new Pacer().sendsWithin(0)).isEqualTo(Integer.MAX_VALUE);
  }

  private static Pacer pacer(int count, int perSeconds) {
    Pacer pacer = new Pacer();
    pacer.interval(Pacer.interval(count, perSeconds));
    return pacer;
  }
}
