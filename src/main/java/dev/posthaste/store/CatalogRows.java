package dev.posthaste.store;

import dev.posthaste.event.CatalogOverlay;
import dev.posthaste.event.EventType;
import dev.posthaste.event.ResourceKind;
import dev.posthaste.store.RegistryStore.Change;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Entries of catalogs as JSON, in the form that files have, and back. */
final class CatalogRows {
  private CatalogRows() {}

  static String write(EventType type) {
    return new JsonObject()
        .put("type", type.name())
        .put("stability", type.stability().name().toLowerCase(Locale.ROOT))
        .put("scope", type.scope().orElse(null))
        .put("resource", type.resource().map(ResourceKind::code).orElse(null))
        .put("description", type.description())
        .put("schema", new JsonObject(type.schema()))
        .put("example", new JsonObject(type.example()))
        .encode();
  }

  static EventType read(String text) {
    JsonObject entry = new JsonObject(text);
    return new EventType(
        entry.getString("type"),
        EventType.Stability.valueOf(entry.getString("stability").toUpperCase(Locale.ROOT)),
        Optional.ofNullable(entry.getString("scope")),
        Optional.ofNullable(entry.getString("resource"))
            .map(code -> ResourceKind.valueOf(code.toUpperCase(Locale.ROOT))),
        entry.getString("description"),
        entry.getJsonObject("schema").encode(),
        entry.getJsonObject("example").encode());
  }

  /** A catalog with all of its entries; a catalog without any has one type that is null. */
  static Change<CatalogOverlay> overlay(Row row) {
    Map<String, EventType> entries = new HashMap<>();
    Set<String> hidden = new HashSet<>();
    String[] types = row.getArrayOfStrings("types");
    String[] texts = row.getArrayOfStrings("entries");
    for (int i = 0; i < types.length; i++) {
      if (texts[i] != null) {
        entries.put(types[i], read(texts[i]));
      } else if (types[i] != null) {
        hidden.add(types[i]);
      }
    }
    return new Change<>(
        new CatalogOverlay(row.getString("name"), row.getBoolean("whole"), entries, hidden),
        row.getOffsetDateTime("deleted_at") != null);
  }
}
