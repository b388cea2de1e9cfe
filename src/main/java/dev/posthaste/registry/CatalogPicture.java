package dev.posthaste.registry;

import dev.posthaste.event.CatalogOverlay;
import dev.posthaste.event.EventType;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * All catalogs at one moment: those of the files, and over them what operators have changed. Never
 * changes itself. An event type that stays as it is stays the same object from one picture to the
 * next, so that what was made for it can be kept.
 */
public final class CatalogPicture {
  private final Map<String, Map<String, EventType>> files;
  private final Map<String, CatalogOverlay> overlays;
  private final Map<String, Map<String, EventType>> merged;

  private CatalogPicture(
      Map<String, Map<String, EventType>> files,
      Map<String, CatalogOverlay> overlays,
      Map<String, Map<String, EventType>> merged) {
    this.files = files;
    this.overlays = overlays;
    this.merged = merged;
  }

  static CatalogPicture ofFiles(Map<String, Map<String, EventType>> files) {
    Map<String, Map<String, EventType>> all = Map.copyOf(files);
    return new CatalogPicture(all, Map.of(), all);
  }

  /** With that over its catalog, or this very picture if that is there already. */
  CatalogPicture with(CatalogOverlay overlay) {
    CatalogOverlay known = overlays.get(overlay.catalog());
    if (overlay.equals(known)) {
      return this;
    }
    Map<String, CatalogOverlay> next = new HashMap<>(overlays);
    next.put(overlay.catalog(), known == null ? overlay : keeping(known, overlay));
    return over(next, overlay.catalog());
  }

  /** With the catalog as the files have it, if they do. */
  CatalogPicture without(String catalog) {
    if (!overlays.containsKey(catalog)) {
      return this;
    }
    Map<String, CatalogOverlay> next = new HashMap<>(overlays);
    next.remove(catalog);
    return over(next, catalog);
  }

  private static CatalogOverlay keeping(CatalogOverlay known, CatalogOverlay changed) {
    Map<String, EventType> entries = new HashMap<>(changed.entries());
    entries.replaceAll(
        (name, entry) -> {
          EventType before = known.entries().get(name);
          return entry.equals(before) ? before : entry;
        });
    return new CatalogOverlay(changed.catalog(), changed.whole(), entries, changed.hidden());
  }

  private CatalogPicture over(Map<String, CatalogOverlay> next, String catalog) {
    Map<String, Map<String, EventType>> all = new HashMap<>(merged);
    Map<String, EventType> file = files.get(catalog);
    CatalogOverlay overlay = next.get(catalog);
    if (overlay != null) {
      all.put(catalog, merge(file, overlay));
    } else if (file != null) {
      all.put(catalog, file);
    } else {
      all.remove(catalog);
    }
    return new CatalogPicture(files, Map.copyOf(next), Map.copyOf(all));
  }

  private static Map<String, EventType> merge(Map<String, EventType> file, CatalogOverlay overlay) {
    Map<String, EventType> types = new HashMap<>();
    if (file != null && !overlay.whole()) {
      types.putAll(file);
    }
    types.putAll(overlay.entries());
    types.keySet().removeAll(overlay.hidden());
    return Map.copyOf(types);
  }

  /** The event types of a catalog by name, if there is such a catalog. */
  public Optional<Map<String, EventType>> named(String catalog) {
    return Optional.ofNullable(merged.get(catalog));
  }

  /** What can be asked for, in order. */
  public Set<String> names() {
    return Collections.unmodifiableSet(new TreeSet<>(merged.keySet()));
  }

  /** Whether the files have a catalog of that name. */
  public boolean isInFiles(String catalog) {
    return files.containsKey(catalog);
  }

  /** Whether operators have changed the catalog, or made it. */
  public boolean isChanged(String catalog) {
    return overlays.containsKey(catalog);
  }

  /** Every event type of every catalog, told apart as objects. */
  public Set<EventType> types() {
    Set<EventType> types = Collections.newSetFromMap(new IdentityHashMap<>());
    merged.values().forEach(catalog -> types.addAll(catalog.values()));
    return types;
  }
}
