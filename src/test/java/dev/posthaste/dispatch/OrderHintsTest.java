package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.OrderKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.junit.jupiter.api.Test;

class OrderHintsTest {
  private final OrderHints hints = new OrderHints(new OrderHints.Bounds(6, 4, 2));

  @Test
  void anEndpointWithManyKeysDoesNotKeepOthersWaiting() {
    hints.add(List.of(key(1, "a"), key(1, "b"), key(1, "c"), key(1, "d"), key(2, "a")));
    assertThat(take(2, id -> true)).containsExactly(key(1, "a"), key(2, "a"));
    hints.add(List.of(key(2, "b")));
    assertThat(take(9, id -> true))
        .containsExactly(key(1, "b"), key(2, "b"), key(1, "c"), key(1, "d"));
    assertThat(hints.size()).isZero();
  }

  @Test
  void anEndpointWithoutRoomKeepsItsKeys() {
    hints.add(List.of(key(1, "a"), key(2, "a")));
    assertThat(take(9, id -> id != 1)).containsExactly(key(2, "a"));
    assertThat(take(9, id -> true)).containsExactly(key(1, "a"));
  }

  @Test
  void anEndpointWhoseLaneTakesNothingIsForgotten() {
    hints.add(List.of(key(1, "a"), key(1, "b"), key(2, "a")));
    assertThat(hints.take(9, id -> id != 1, id -> true)).containsExactly(key(2, "a"));
    assertThat(hints.size()).isZero();
    assertThat(take(9, id -> true)).isEmpty();
  }

  @Test
  void anEndpointWithoutRoomIsAskedOnce() {
    hints.add(List.of(key(1, "a"), key(2, "a"), key(2, "b"), key(2, "c")));
    List<Long> asked = new ArrayList<>();
    take(
        9,
        id -> {
          asked.add(id);
          return id != 1;
        });
    assertThat(asked).containsExactly(1L, 2L, 2L, 2L);
  }

  @Test
  void aKeyIsKeptOnce() {
    for (int i = 0; i < 10; i++) {
      hints.add(List.of(key(1, "same"), key(2, "same")));
    }
    assertThat(hints.size()).isEqualTo(2);
    assertThat(take(9, id -> true)).containsExactly(key(1, "same"), key(2, "same"));
  }

  @Test
  void ofAnEndpointSomeAreKeptAndTheOthersForgotten() {
    hints.add(List.of(key(1, "a"), key(1, "b"), key(1, "c"), key(1, "d"), key(1, "e")));
    assertThat(hints.size()).isEqualTo(4);
    assertThat(take(9, id -> true)).doesNotContain(key(1, "e"));
    assertThat(hints.size()).isZero();
    hints.add(List.of(key(1, "e")));
    assertThat(take(9, id -> true)).containsExactly(key(1, "e"));
  }

  @Test
  void aFewKeysOfAnEndpointFitHoweverManyOthersHave() {
    hints.add(List.of(key(1, "a"), key(1, "b"), key(1, "c"), key(1, "d")));
    hints.add(List.of(key(2, "a"), key(2, "b"), key(2, "c"), key(3, "a"), key(3, "b")));
    assertThat(take(9, id -> id != 1))
        .containsExactly(key(2, "a"), key(3, "a"), key(2, "b"), key(3, "b"));
    assertThat(hints.size()).isEqualTo(4);
  }

  private List<OrderKey> take(int most, LongPredicate hasRoom) {
    return hints.take(most, id -> true, hasRoom);
  }

  private static OrderKey key(long endpoint, String value) {
    return new OrderKey(endpoint, value);
  }
}
