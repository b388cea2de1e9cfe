package dev.posthaste.contract;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All contracts of the installation, by name. */
public record Contracts(Map<String, Contract> byName) {
  public Contracts {
    byName = Map.copyOf(byName);
  }

  /** The contract of that name, if there is one. */
  public Optional<Contract> named(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /** Whether the contract of that name signs; one that is not there does not. */
  public boolean signs(String name) {
    return named(name).filter(contract -> !contract.signatures().isEmpty()).isPresent();
  }

  /** The event types by which tenants hear that one of their endpoints was disabled. */
  public Set<String> announcements() {
    return byName.values().stream()
        .flatMap(contract -> contract.disable().announcement().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What can be asked for. */
  public Set<String> names() {
    return byName.keySet();
  }
}
