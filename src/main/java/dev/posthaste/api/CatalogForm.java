package dev.posthaste.api;

import dev.posthaste.contract.CatalogReader;
import dev.posthaste.contract.InvalidDefinitionException;
import dev.posthaste.event.EventType;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes catalogs and their entries from what operators send: read like a file, schemas and examples
 * checked. Fails with a problem that has all faults. Belongs to one event loop, and works beside
 * it: a large catalog takes a while.
 */
final class CatalogForm {
  /** Keys cannot have a longer one. */
  private static final int MAX_SCOPE = 64;

  private final Vertx vertx;
  private final CatalogSchemas schemas;
  private final int maxTypes;

  /**
   * @param maxTypes in one catalog
   */
  CatalogForm(Vertx vertx, int maxTypes) {
    this.vertx = vertx;
    this.schemas = new CatalogSchemas(vertx.fileSystem());
    this.maxTypes = maxTypes;
  }

  /** A whole catalog, from the text that a file would have. */
  Future<Collection<EventType>> catalog(ApiCall call) {
    JsonArray entries = call.body().getJsonArray("eventTypes");
    return vertx.executeBlocking(
        () -> {
          List<Fault> faults = new ArrayList<>();
          if (entries.size() > maxTypes) {
            faults.add(new Fault("/eventTypes", "must have at most " + maxTypes + " entries"));
          }
          Optional<Collection<EventType>> types =
              read(
                  () ->
                      CatalogReader.parse(call.path("name"), call.origin().body().getBytes())
                          .byName()
                          .values(),
                  faults);
          for (int i = 0; i < entries.size(); i++) {
            check(entries.getValue(i), "/eventTypes/" + i, faults);
          }
          return orFaults(types, faults);
        });
  }

  /** One entry, whose name is in the path. */
  Future<EventType> entry(ApiCall call) {
    String name = call.path("type");
    JsonObject entry = call.body().copy();
    return vertx.executeBlocking(
        () -> {
          List<Fault> faults = new ArrayList<>();
          if (!name.equals(entry.getValue("type", name))) {
            faults.add(new Fault("/type", "must be left out, or be the one of the path"));
          }
          entry.put("type", name);
          Optional<EventType> type =
              read(() -> CatalogReader.parseEntry(entry.toBuffer().getBytes()), faults);
          check(entry, "", faults);
          return orFaults(type, faults);
        });
  }

  private static <T> Optional<T> read(Supplier<T> reader, List<Fault> faults) {
    try {
      return Optional.of(reader.get());
    } catch (InvalidDefinitionException e) {
      e.faults().forEach(fault -> faults.add(new Fault(pointer(fault.path()), fault.message())));
      return Optional.empty();
    }
  }

  /** {@code eventTypes[3].schema} is {@code /eventTypes/3/schema}. */
  private static String pointer(String path) {
    return path.isEmpty() ? "" : "/" + path.replace("[", "/").replace("]", "").replace(".", "/");
  }

  private void check(Object value, String at, List<Fault> faults) {
    if (!(value instanceof JsonObject entry)) {
      return;
    }
    if (entry.getValue("scope") instanceof String scope
        && (scope.length() > MAX_SCOPE || scope.indexOf('\0') >= 0)) {
      faults.add(
          new Fault(
              at + "/scope", "must have at most " + MAX_SCOPE + " characters, none of them NUL"));
    }
    if (entry.getValue("schema") instanceof JsonObject schema
        && entry.getValue("example") instanceof JsonObject example) {
      faults.addAll(schemas.faults(schema, example, at));
    }
  }

  private static <T> T orFaults(Optional<T> made, List<Fault> faults) {
    if (!faults.isEmpty()) {
      throw new ProblemException(Problem.invalid(faults));
    }
    return made.orElseThrow();
  }
}
