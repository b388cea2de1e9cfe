package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.contract.ContractReader;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Tenant;
import dev.posthaste.registry.Registry;
import dev.posthaste.support.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChannelsTest {
  private final Registry registry = new Registry(Map.of());
  private final Channels channels =
      new Channels(registry, ContractReader.read(Optional.empty()), true);

  @Test
  void anotherContractOfTheTenantMakesAnotherChannel() {
    Endpoint endpoint = Samples.ofTenantsContract(Samples.endpoint(11, 1, "http://127.0.0.1"));
    registry.put(Samples.tenant(1, "acme"));
    registry.put(List.of(endpoint));
    Channel first = channels.open(endpoint);
    assertThat(first.contract().name()).isEqualTo("standard");
    registry.put(Samples.tenant(1, "acme"));
    assertThat(channels.current(endpoint)).isSameAs(first);
    registry.put(
        new Tenant(
            1, "acme", "acme", "casedev", Optional.empty(), Optional.empty(), Optional.empty()));
    assertThat(channels.current(endpoint)).isNull();
    assertThat(channels.open(endpoint).contract().name()).isEqualTo("casedev");
  }
}
