package dev.posthaste.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.CatalogOverlay;
import dev.posthaste.event.EventType;
import dev.posthaste.event.Tenant;
import dev.posthaste.support.Samples;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CatalogPictureTest {
  private static final EventType PAID = type("order.paid", "orders");
  private static final EventType SENT = type("order.sent", "orders");

  private final CatalogPicture files =
      CatalogPicture.ofFiles(Map.of("shop", Map.of("order.paid", PAID, "order.sent", SENT)));

  private static EventType type(String name, String scope) {
    return new EventType(
        name,
        EventType.Stability.STABLE,
        Optional.of(scope),
        Optional.empty(),
        "D",
        "{\"type\":\"object\"}",
        "{}");
  }

  private static CatalogOverlay overlay(boolean whole, EventType entry, String... hidden) {
    return new CatalogOverlay("shop", whole, Map.of(entry.name(), entry), Set.of(hidden));
  }

  private static Set<String> names(CatalogPicture picture) {
    return picture.named("shop").orElseThrow().keySet();
  }

  @Test
  void anEntryReplacesTheFilesAndADeletionHidesIt() {
    EventType changed = type("order.paid", "money");
    CatalogPicture over = files.with(overlay(false, changed, "order.sent"));
    assertThat(over.named("shop")).contains(Map.of("order.paid", changed));
    assertThat(over.isChanged("shop")).isTrue();
    assertThat(names(over.without("shop"))).containsExactlyInAnyOrder("order.paid", "order.sent");
  }

  @Test
  void nothingOfAFileShowsThroughAWholeCatalog() {
    assertThat(names(files.with(overlay(true, type("order.lost", "orders")))))
        .containsExactly("order.lost");
  }

  @Test
  void aCatalogWithoutAFileComesAndGoes() {
    CatalogOverlay own = new CatalogOverlay("own", false, Map.of("order.paid", PAID), Set.of());
    CatalogPicture over = files.with(own);
    assertThat(over.names()).containsExactly("own", "shop");
    assertThat(over.isInFiles("own")).isFalse();
    assertThat(over.without("own").names()).containsExactly("shop");
  }

  @Test
  void whatComesAgainUnchangedChangesNothing() {
    CatalogPicture over = files.with(overlay(false, type("order.paid", "money")));
    assertThat(over.with(overlay(false, type("order.paid", "money")))).isSameAs(over);
    assertThat(files.without("shop")).isSameAs(files);
  }

  @Test
  void anEntryThatStaysIsTheSameObjectInTheNextPicture() {
    EventType first = type("order.paid", "money");
    CatalogPicture over = files.with(overlay(false, first));
    CatalogPicture next = over.with(overlay(false, type("order.paid", "money"), "order.sent"));
    assertThat(next.named("shop").orElseThrow().get("order.paid")).isSameAs(first);
    assertThat(next.types()).hasSize(1);
  }

  @Test
  void endpointsAreMatchedByTheScopesOfTheChangedCatalog() {
    Registry registry = new Registry(Map.of("shop", Map.of("order.paid", PAID)));
    Tenant tenant =
        new Tenant(
            1, "a", "A", "standard", Optional.of("shop"), Optional.empty(), Optional.empty());
    registry.put(tenant);
    registry.put(List.of(Samples.scoped(Samples.endpoint(11, 1, "http://a"), Set.of("orders"))));
    assertThat(registry.targets(tenant, "order.paid", Optional.empty())).containsExactly(11L);
    registry.put(overlay(false, type("order.paid", "money")));
    assertThat(registry.targets(tenant, "order.paid", Optional.empty())).isEmpty();
    registry.removeOverlay("shop");
    assertThat(registry.targets(tenant, "order.paid", Optional.empty())).containsExactly(11L);
  }
}
