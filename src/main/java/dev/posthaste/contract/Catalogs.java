package dev.posthaste.contract;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All catalogs of the installation, by name. */
public record Catalogs(Map<String, Catalog> byName) {
  public Catalogs {
    byName = Map.copyOf(byName);
  }

  /** The catalog of that name, if there is one. */
  public Optional<Catalog> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** What can be asked for. */
  public Set<String> names() {
    return byName.keySet();
  }
}
