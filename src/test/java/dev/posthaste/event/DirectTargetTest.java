package dev.posthaste.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DirectTargetTest {
  private static final String URL = "https://client.example/hook";

  @Test
  void anIdIsNegativeAndFollowsFromTenantAndUrl() {
    long id = DirectTarget.id(1, URL);
    assertThat(id).isNegative().isEqualTo(DirectTarget.id(1, URL));
    assertThat(DirectTarget.is(id)).isTrue();
    assertThat(DirectTarget.is(IdGenerator.lowestAt(1_800_000_000_000L))).isFalse();
    assertThat(DirectTarget.id(2, URL)).isNotEqualTo(id);
    assertThat(DirectTarget.id(1, URL + "?case=2")).isNotEqualTo(id);
  }

  @Test
  void manyUrlsHaveManyIds() {
    assertThat(IntStream.range(0, 10_000).mapToLong(i -> DirectTarget.id(1, URL + i)).distinct())
        .hasSize(10_000);
  }

  @Test
  void theIdOfItsDeliveryReadsBack() {
    DeliveryId delivery = new DeliveryId(7_000_000_000_000L, DirectTarget.id(1, URL));
    assertThat(delivery.toString()).matches("dlv_[0-9A-HJKMNP-TV-Z]{26}");
    assertThat(DeliveryId.parse(delivery.toString())).contains(delivery);
  }

  @Test
  void logsNameItApartFromEndpoints() {
    assertThat(DirectTarget.name(DirectTarget.id(1, URL))).matches("direct_[0-9a-f]{16}");
    assertThat(DirectTarget.name(5_000_000_000L)).startsWith("ep_");
  }
}
