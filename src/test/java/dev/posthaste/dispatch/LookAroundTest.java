package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.OrderKey;
import dev.posthaste.store.OrderedStore.Head;
import dev.posthaste.store.OrderedStore.Place;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LookAroundTest {
  private static final long MILLI = 1_000_000;

  private final LookAround around = new LookAround(3, Duration.ofMillis(500));

  @Test
  void itGoesOnUntilItHasBeenRoundAndRestsThenIfNothingCanGo() {
    saw("1a", "2a", "3a");
    assertThat(around.from().after()).isEqualTo(3);
    assertThat(around.pauseMillis(0, MILLI)).isEqualTo(20);
    saw("4a");
    assertThat(around.from().after()).isZero();
    assertThat(around.pauseMillis(0, MILLI)).isEqualTo(500);
    assertThat(around.pauseMillis(1, MILLI)).isEqualTo(20);
  }

  @Test
  void looksThatFindNothingLeaveTheDatabaseMostOfItsTime() {
    saw("1a", "2a", "3a");
    assertThat(around.pauseMillis(0, 30 * MILLI)).isEqualTo(120);
    assertThat(around.pauseMillis(0, 300 * MILLI)).isEqualTo(500);
  }

  @Test
  void anEndpointWithManyKeysIsGoneOnWithInTheNextRound() {
    saw("1a", "1b", "1c");
    assertThat(around.from().after()).isEqualTo(1);
    assertThat(around.from().within()).containsExactly(new OrderKey(1, "c"));
    saw();
    assertThat(around.from().within()).containsExactly(new OrderKey(1, "c"));
    saw("1c", "1d");
    assertThat(around.from().within()).isEmpty();
  }

  @Test
  void anEndpointThatHasNothingWhereItGoesOnBeginsAgain() {
    saw("1a", "1b", "1c");
    saw();
    assertThat(around.from()).isEqualTo(new Place(0, List.of(new OrderKey(1, "c"))));
    saw();
    assertThat(around.from().within()).isEmpty();
  }

  @Test
  void anEndpointThatIsPassedByGoesOnWhereItWas() {
    saw("1a", "1b", "1c");
    saw();
    around.saw(List.of(), Set.of(1L));
    assertThat(around.from().within()).containsExactly(new OrderKey(1, "c"));
  }

  @Test
  void anEndpointThatWasNotReachedGoesOnWhereItWas() {
    saw("5a", "5b", "5c");
    saw();
    saw("1a", "2a", "3a");
    assertThat(around.from().within())
        .containsExactlyInAnyOrder(new OrderKey(5, "c"), new OrderKey(3, "a"));
    saw("4a", "6a");
    assertThat(around.from().within()).containsExactly(new OrderKey(3, "a"));
  }

  /** Each an endpoint of one digit and a key. */
  private void saw(String... keys) {
    around.saw(
        Stream.of(keys)
            .map(key -> new Head(new OrderKey(key.charAt(0) - '0', key.substring(1)), true))
            .toList(),
        Set.of());
  }
}
