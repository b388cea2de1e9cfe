package dev.posthaste.loadtest.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.loadtest.wire.EventMark;
import dev.posthaste.loadtest.wire.Head;
import dev.posthaste.loadtest.wire.Timeline;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ArrivalsTest {
  private static final long NOW = 1_700_000_000_000_000L;

  private final Arrivals arrivals = new Arrivals(7, 1);

  @Test
  void knowsRepeatsFromFirstArrivals() {
    assertThat(take(7, 5, "/ok")).isTrue();
    assertThat(take(7, 5, "/ok")).isTrue();
    assertThat(take(7, 6, "/ok")).isTrue();

    assertThat(arrivals.summary().getInteger("distinct")).isEqualTo(2);
    assertThat(arrivals.summary().getInteger("repeats")).isEqualTo(1);
    assertThat(Timeline.of(arrivals.times()).get(5)).isEqualTo(NOW);
  }

  @Test
  void measuresFromTheIntendedTime() {
    take(7, 1, "/ok");

    assertThat(arrivals.summary().getJsonObject("sinceIntendedMicros").getLong("max"))
        .isEqualTo(1_500);
  }

  @Test
  void refusesTheFirstTriesOfEachEvent() {
    assertThat(take(7, 1, "/flaky/2")).isFalse();
    assertThat(take(7, 2, "/flaky/2")).isFalse();
    assertThat(take(7, 1, "/flaky/2")).isFalse();
    assertThat(take(7, 1, "/flaky/2")).isTrue();

    assertThat(arrivals.summary().getInteger("refused")).isEqualTo(3);
  }

  @Test
  void knowsWhenAnEventIsDueThatWasToldToComeAgain() {
    assertThat(take(7, 1, "/again/2")).isFalse();
    assertThat(take(7, 1, "/again/2")).isTrue();
    take(7, 2, "/flaky/1");

    assertThat(Timeline.of(arrivals.dueTimes()).get(1)).isEqualTo(NOW + 2_000_000);
    assertThat(Timeline.of(arrivals.dueTimes()).get(2)).isZero();
    assertThat(Timeline.of(arrivals.times()).get(1)).isEqualTo(NOW);
  }

  @Test
  void keepsOtherRunsApart() {
    take(6, 1, "/ok");

    assertThat(arrivals.summary().getInteger("foreign")).isEqualTo(1);
    assertThat(arrivals.summary().getInteger("distinct")).isZero();
  }

  @Test
  void anEventCountsOnceForEachEndpointThatItGoesTo() {
    Arrivals fanned = new Arrivals(7, 10);
    take(fanned, 7, 5, "/ok/20");
    take(fanned, 7, 5, "/ok/29");
    take(fanned, 7, 5, "/ok/29");

    assertThat(fanned.summary().getInteger("distinct")).isEqualTo(2);
    assertThat(fanned.summary().getInteger("repeats")).isEqualTo(1);
    assertThat(Timeline.of(fanned.times()).get(59)).isEqualTo(NOW);
  }

  private boolean take(int run, int number, String path) {
    return take(arrivals, run, number, path);
  }

  private static boolean take(Arrivals arrivals, int run, int number, String path) {
    byte[] body = ("{\"data\":{" + EventMark.blank(run) + "}}").getBytes(StandardCharsets.US_ASCII);
    byte[] lead = EventMark.lead(run);
    int at = Head.indexOf(body, lead, 0, body.length) + lead.length;
    EventMark.patch(body, at, number, NOW - 1_500);
    return arrivals.take(body, 0, body.length, Behaviour.of(path), NOW);
  }
}
