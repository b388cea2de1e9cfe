package dev.posthaste.event;

import java.util.Map;
import java.util.Set;

/**
 * What an operator has put over a catalog of the files, or in the place of one.
 *
 * @param catalog its name
 * @param whole whether nothing of a file shows through
 * @param entries event types by name; each takes the place of the file's
 * @param hidden types that are not there, also if the file has them
 */
public record CatalogOverlay(
    String catalog, boolean whole, Map<String, EventType> entries, Set<String> hidden) {
  public CatalogOverlay {
    entries = Map.copyOf(entries);
    hidden = Set.copyOf(hidden);
  }
}
