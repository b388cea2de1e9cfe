package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.Settlement;
import dev.posthaste.registry.Registry;
import dev.posthaste.store.EventLog;
import dev.posthaste.support.Samples;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommittedTest {
  private static final Instant DROPPED = Instant.parse("2026-03-01T00:00:00Z");

  private final Registry registry = new Registry(Map.of());
  private final Endpoint endpoint = Samples.endpoint(7, 1, "http://e");

  private Delivery delivery(Event event) {
    return new Committed(List.of(event), List.of(), List.<EventLog.Repeat>of())
        .deliveries(registry, Settlement.NONE)
        .getFirst();
  }

  @Test
  void whatIsAcceptedIsDroppedOnlyTheNextTime() {
    registry.put(Samples.tenant(1, "acme"));
    registry.put(List.of(Samples.dropping(endpoint, DROPPED)));
    Delivery delivery = delivery(Samples.event(1, 7L));
    assertThat(Samples.dropping(endpoint, DROPPED).hasDropped(delivery)).isFalse();
    assertThat(Samples.dropping(endpoint, DROPPED.plusMillis(1)).hasDropped(delivery)).isTrue();
  }

  @Test
  void whatIsAcceptedBeforeAnythingWasDroppedIsDroppedTheFirstTime() {
    Delivery delivery = delivery(Samples.event(1, 7L));
    assertThat(endpoint.hasDropped(delivery)).isFalse();
    assertThat(Samples.dropping(endpoint, DROPPED).hasDropped(delivery)).isTrue();
  }
}
