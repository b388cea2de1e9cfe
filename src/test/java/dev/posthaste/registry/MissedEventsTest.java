package dev.posthaste.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Endpoint.Status;
import dev.posthaste.support.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MissedEventsTest {
  private final Registry registry = new Registry(Map.of());

  MissedEventsTest() {
    registry.put(Samples.tenant(1, "acme"));
    registry.put(
        List.of(
            Samples.endpoint(11, 1, "http://a"),
            Samples.endpoint(12, 1, "http://b", Status.DISABLED, "standard"),
            Samples.endpoint(13, 1, "http://c", Status.AUTO_DISABLED, "standard")));
  }

  private void happens(int times) {
    for (int i = 0; i < times; i++) {
      registry.countMissed(1, "order.paid", Optional.empty());
    }
  }

  @Test
  void everyDisabledEndpointThatWouldHaveGotItIsCounted() {
    happens(3);
    assertThat(registry.missed().take()).containsOnly(Map.entry(12L, 3L), Map.entry(13L, 3L));
    assertThat(registry.missed().take()).isEmpty();
  }

  @Test
  void nothingIsCountedOnceItIsActiveAgain() {
    registry.put(List.of(Samples.endpoint(12, 1, "http://b"), Samples.endpoint(13, 1, "http://c")));
    happens(3);
    assertThat(registry.missed().take()).isEmpty();
    registry.countMissed(99, "order.paid", Optional.empty());
  }

  @Test
  void whatIsGivenBackIsAddedToWhatCameSince() {
    happens(2);
    Map<Long, Long> taken = registry.missed().take();
    happens(1);
    registry.missed().giveBack(taken);
    assertThat(registry.missed().take()).containsEntry(12L, 3L);
  }
}
