package dev.posthaste.contract;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

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

  /** What can be asked for. */
  public Set<String> names() {
    return byName.keySet();
  }
}
