package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.OrderKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShutLanesTest {
  private final Set<Long> open = new HashSet<>(List.of(1L));
  private final ShutLanes shut = new ShutLanes(open::contains, 2);

  @Test
  void anEndpointIsPassedByUntilItsLaneTakesSomething() {
    shut.saw(List.of(key(1, "a"), key(2, "a"), key(2, "b"), key(3, "a")));
    assertThat(shut.endpoints()).containsExactlyInAnyOrder(2L, 3L);
    open.add(2L);
    assertThat(shut.endpoints()).containsExactly(3L);
    open.remove(2L);
    assertThat(shut.endpoints()).containsExactly(3L);
  }

  @Test
  void itPassesBySoManyAtMost() {
    shut.saw(List.of(key(2, "a"), key(3, "a"), key(4, "a")));
    assertThat(shut.endpoints()).containsExactlyInAnyOrder(2L, 3L);
    open.add(2L);
    shut.endpoints();
    shut.saw(List.of(key(4, "a")));
    assertThat(shut.endpoints()).containsExactlyInAnyOrder(3L, 4L);
  }

  private static OrderKey key(long endpoint, String value) {
    return new OrderKey(endpoint, value);
  }
}
