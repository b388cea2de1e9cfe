package dev.posthaste.event;

import java.util.Optional;
import java.util.Set;

/**
 * Narrows an endpoint to the events of some resources. An empty set does not narrow; event types
 * without a resource are never affected.
 */
public record ResourceScopes(Set<String> vaultIds, Set<String> matterIds) {
  /** Narrows nothing. */
  public static final ResourceScopes ALL = new ResourceScopes(Set.of(), Set.of());

  public ResourceScopes {
    vaultIds = Set.copyOf(vaultIds);
    matterIds = Set.copyOf(matterIds);
  }

  /**
   * Whether an event about the resource passes.
   *
   * @param kind the resource kind of the event's type, if it has one
   * @param id which resource the event is about; an event that does not say is not let through a
   *     scope on its kind
   */
  public boolean admit(Optional<ResourceKind> kind, Optional<String> id) {
    if (kind.isEmpty()) {
      return true;
    }
    Set<String> wanted =
        switch (kind.get()) {
          case VAULT -> vaultIds;
          case MATTER -> matterIds;
        };
    return wanted.isEmpty() || id.filter(wanted::contains).isPresent();
  }
}
