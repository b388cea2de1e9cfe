package dev.posthaste.loadtest.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SubscriberTest {
  @Test
  void matchesAsTheContractsSay() {
    assertThat(wants("vault.*", "vault.object.append.failed")).isTrue();
    assertThat(wants("vault.*", "vaults.created")).isFalse();
    assertThat(wants("*", "agent.deleted")).isTrue();
    assertThat(wants("agent.deleted", "agent.deleted")).isTrue();
    assertThat(wants("agent", "agent.deleted")).isFalse();
  }

  @Test
  void quickContractsKeepEverythingButTheWaits() {
    String contract =
        """
        retry:
          inline: [200ms, 1s]
          schedule: [30s, 5m, 30m, 2h, 8h]
        timeout: 15s
        """;

    assertThat(QuickContracts.quicken(contract))
        .isEqualTo(
            """
            retry:
              inline: [200ms, 1s]
              schedule: [1s, 2s, 4s]
            timeout: 2s
            """);
    assertThat(QuickContracts.quicken("  schedule: []\n")).isEqualTo("  schedule: []\n");
  }

  private static boolean wants(String filter, String type) {
    Post post =
        new Post(Customer.CASEDEV, type, new JsonObject(), Optional.empty(), Optional.empty());
    return new Subscriber(Customer.CASEDEV, "x", List.of(filter), Optional.empty(), Mood.HEALTHY)
        .wants(post);
  }
}
