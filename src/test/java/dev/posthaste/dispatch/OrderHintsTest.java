package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.OrderKey;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderHintsTest {
  private final OrderHints hints = new OrderHints(6);

  @Test
  void anEndpointWithManyKeysDoesNotKeepOthersWaiting() {
    hints.add(List.of(key(1, "a"), key(1, "b"), key(1, "c"), key(1, "d"), key(2, "a")));
    assertThat(hints.take(2, id -> true)).containsExactly(key(1, "a"), key(2, "a"));
    hints.add(List.of(key(2, "b")));
    assertThat(hints.take(9, id -> true))
        .containsExactly(key(1, "b"), key(2, "b"), key(1, "c"), key(1, "d"));
    assertThat(hints.size()).isZero();
  }

  @Test
  void anEndpointWithoutRoomKeepsItsKeys() {
    hints.add(List.of(key(1, "a"), key(2, "a")));
    assertThat(hints.take(9, id -> id != 1)).containsExactly(key(2, "a"));
    assertThat(hints.take(9, id -> true)).containsExactly(key(1, "a"));
  }

  @Test
  void aKeyIsKeptOnceAndWhatDoesNotFitIsForgotten() {
    for (int i = 0; i < 10; i++) {
      hints.add(List.of(key(1, "same"), key(i, "other")));
    }
    assertThat(hints.size()).isEqualTo(6);
    assertThat(hints.take(100, id -> true)).hasSize(6);
    assertThat(hints.take(100, id -> true)).isEmpty();
  }

  private static OrderKey key(long endpoint, String value) {
    return new OrderKey(endpoint, value);
  }
}
