package dev.posthaste.loadtest.load;

import static dev.posthaste.loadtest.load.Legs.good;
import static dev.posthaste.loadtest.load.Legs.leg;
import static dev.posthaste.loadtest.load.Legs.times;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class BoundsTest {
  private final Bounds bounds = new Bounds(200, 100);

  @Test
  void holdWhatIsAnsweredInTime() {
    assertThat(bounds.hold(good(1_000))).isTrue();
    assertThat(bounds.hold(leg(1_000, 1_000, 985, times(1, 50, 49), Map.of()))).isTrue();
  }

  @Test
  void doNotHoldWhatIsSlowOrTooLittle() {
    assertThat(bounds.hold(leg(1_000, 1_000, 990, times(1, 250, 249), Map.of()))).isFalse();
    assertThat(bounds.hold(leg(1_000, 1_000, 900, times(1, 50, 49), Map.of(429, 500)))).isFalse();
  }

  @Test
  void callItVoidIfUsersBeginLate() {
    assertThat(bounds.whyVoid(leg(1_000, 1_000, 1_000, times(101, 120, 5), Map.of())))
        .hasValueSatisfying(why -> assertThat(why).contains("the injector lagged", "101 ms"));
  }

  @Test
  void callItVoidIfTooLittleIsSent() {
    assertThat(bounds.whyVoid(leg(1_000, 970, 970, times(1, 5, 4), Map.of()))).isPresent();
  }

  @Test
  void callItVoidIfTooLittleIsAnsweredThoughEachAnswerIsFast() {
    assertThat(bounds.whyVoid(leg(1_000, 1_000, 900, times(1, 5, 4), Map.of()))).isPresent();
  }

  @Test
  void doNotCallItVoidIfTheServerIsSlowOrRefuses() {
    assertThat(bounds.whyVoid(leg(1_000, 1_000, 900, times(1, 900, 899), Map.of()))).isEmpty();
    assertThat(bounds.whyVoid(leg(1_000, 1_000, 900, times(1, 5, 4), Map.of(429, 500)))).isEmpty();
  }

  @Test
  void findTheKneeBelowTheFirstStepThatFails() {
    LegResult slow = leg(3_000, 3_000, 2_500, times(1, 2_000, 1_999), Map.of());
    Knee knee = Knee.of(List.of(good(1_000), good(2_000), slow), bounds);

    assertThat(knee.rate()).isEqualTo(2_000);
    assertThat(knee.end()).contains("at 3,000 events a second 2,500 were accepted");
  }

  @Test
  void doNotTakeADisturbanceForTheKnee() {
    LegResult slow = leg(3_000, 3_000, 2_500, times(1, 2_000, 1_999), Map.of());

    assertThat(Knee.of(List.of(good(1_000), slow, good(4_000)), bounds).rate()).isEqualTo(4_000);
  }

  @Test
  void sayThatTheKneeIsHigherIfTheInjectorLaggedFirst() {
    LegResult late = leg(3_000, 3_000, 3_000, times(500, 600, 20), Map.of());
    Knee knee = Knee.of(List.of(good(1_000), late), bounds);

    assertThat(knee.rate()).isEqualTo(1_000);
    assertThat(knee.end()).contains("at least", "the injector lagged");
  }

  @Test
  void findNoKneeIfNothingHolds() {
    assertThat(Knee.of(List.of(leg(500, 500, 100, times(1, 900, 900), Map.of())), bounds).isFound())
        .isFalse();
  }
}
