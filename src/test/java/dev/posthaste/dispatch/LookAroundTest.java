package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.OrderKey;
import dev.posthaste.store.OrderedStore.Head;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LookAroundTest {
  private static final long MILLI = 1_000_000;

  private final LookAround around = new LookAround(3, Duration.ofMillis(500));

  @Test
  void itGoesOnUntilItHasBeenRoundAndRestsThenIfNothingCanGo() {
    around.saw(heads("1a", "2a", "3a"));
    assertThat(around.from().after()).isEqualTo(3);
    assertThat(around.pauseMillis(0, MILLI)).isEqualTo(20);
    around.saw(heads("4a"));
    assertThat(around.from().after()).isZero();
    assertThat(around.pauseMillis(0, MILLI)).isEqualTo(500);
    assertThat(around.pauseMillis(1, MILLI)).isEqualTo(20);
  }

  @Test
  void looksThatFindNothingLeaveTheDatabaseMostOfItsTime() {
    around.saw(heads("1a", "2a", "3a"));
    assertThat(around.pauseMillis(0, 30 * MILLI)).isEqualTo(120);
    assertThat(around.pauseMillis(0, 300 * MILLI)).isEqualTo(500);
  }

  @Test
  void anEndpointWithManyKeysIsGoneOnWithInTheNextRound() {
    around.saw(heads("1a", "1b", "1c"));
    assertThat(around.from().after()).isEqualTo(1);
    assertThat(around.from().within()).containsExactly(new OrderKey(1, "c"));
    around.saw(heads());
    assertThat(around.from().within()).containsExactly(new OrderKey(1, "c"));
    around.saw(heads("1c", "1d"));
    assertThat(around.from().within()).isEmpty();
  }

  /** Each an endpoint of one digit and a key. */
  private static List<Head> heads(String... keys) {
    return Stream.of(keys)
        .map(key -> new Head(new OrderKey(key.charAt(0) - '0', key.substring(1)), true))
        .toList();
  }
}
