package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.CatalogOverlay;
import dev.posthaste.event.EventType;
import dev.posthaste.event.Payload;
import dev.posthaste.registry.Registry;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PayloadCheckTest {
  private static final Payload DATA = Payload.of("{}");

  private final Registry registry = new Registry(Map.of());
  private final PayloadCheck check = new PayloadCheck();

  private static EventType type(String name, int version) {
    return new EventType(
        name,
        EventType.Stability.STABLE,
        Optional.empty(),
        Optional.empty(),
        "Version " + version,
        "{\"type\":\"object\"}",
        "{}");
  }

  private void use(EventType... types) {
    Map<String, EventType> byName =
        Arrays.stream(types).collect(Collectors.toMap(EventType::name, type -> type));
    registry.put(new CatalogOverlay("shop", true, byName, Set.of()));
    check.keepOnly(registry.catalogs());
    registry.catalog("shop").orElseThrow().values().forEach(type -> check.faults(type, DATA));
  }

  @Test
  void whatWasCompiledForAnEntryGoesWithIt() {
    for (int version = 0; version < 100; version++) {
      use(type("a", 0), type("b", version));
      assertThat(check.size()).isEqualTo(2);
    }
    use(type("a", 0));
    assertThat(check.size()).isEqualTo(1);
    registry.removeOverlay("shop");
    check.keepOnly(registry.catalogs());
    assertThat(check.size()).isZero();
  }
}
