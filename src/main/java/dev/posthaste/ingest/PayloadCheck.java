package dev.posthaste.ingest;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.posthaste.event.EventType;
import dev.posthaste.event.Payload;
import dev.posthaste.event.ResourceKind;
import dev.posthaste.http.Problem;
import dev.posthaste.registry.CatalogPicture;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaException;
import io.vertx.json.schema.Validator;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/**
 * Checks data against the JSON Schema that the catalog has for its type. Belongs to one event loop;
 * compiles each schema at its first use.
 */
final class PayloadCheck {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int MAX_FAULTS = 100;
  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions()
          .setBaseUri("https://posthaste.dev/")
          .setDraft(Draft.DRAFT202012)
          .setOutputFormat(OutputFormat.Basic);

  private final IdentityHashMap<EventType, Validator> validators = new IdentityHashMap<>();
  private CatalogPicture seen;

  /** Drops what was compiled for entries that are not in any catalog any more. */
  @SuppressWarnings("ReferenceEquality")
  void keepOnly(CatalogPicture catalogs) {
    if (catalogs != seen) {
      seen = catalogs;
      validators.keySet().retainAll(catalogs.types());
    }
  }

  /** For how many entries something is compiled. */
  int size() {
    return validators.size();
  }

  /** Every fault with its place in the posted event; empty if the data is valid. */
  List<Problem.Fault> faults(EventType type, Payload data) {
    Object value = Json.decodeValue(Buffer.buffer(data.bytes()));
    try {
      return faults(type, validators.computeIfAbsent(type, PayloadCheck::compile).validate(value));
    } catch (SchemaException | IllegalArgumentException | StackOverflowError e) {
      // Files are not checked so far: a reference may lead nowhere, or in a circle.
      return List.of(
          new Problem.Fault("/data", "cannot be checked: the schema of its type is broken"));
    }
  }

  private static List<Problem.Fault> faults(EventType type, OutputUnit result) {
    if (Boolean.TRUE.equals(result.getValid())) {
      return List.of();
    }
    List<Problem.Fault> faults =
        result.getErrors() == null
            ? List.of()
            : result.getErrors().stream()
                .map(PayloadCheck::fault)
                .distinct()
                .limit(MAX_FAULTS)
                .toList();
    return faults.isEmpty()
        ? List.of(new Problem.Fault("/data", "does not fit the schema of " + type.name()))
        : faults;
  }

  /** Which resource the data is about, by the field that the kind of resource has. */
  Optional<String> resourceId(EventType type, Payload data) {
    return type.resource().map(ResourceKind::dataField).flatMap(field -> topLevelText(data, field));
  }

  private static Optional<String> topLevelText(Payload data, String field) {
    try (JsonParser parser = JSON.createParser(data.bytes())) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        boolean isIt = parser.currentName().equals(field);
        JsonToken value = parser.nextToken();
        if (isIt) {
          return value == JsonToken.VALUE_STRING ? Optional.of(parser.getText()) : Optional.empty();
        }
        parser.skipChildren();
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("data was read as JSON before", e);
    }
  }

  private static Validator compile(EventType type) {
    return Validator.create(JsonSchema.of(new JsonObject(type.schema())), OPTIONS);
  }

  private static Problem.Fault fault(OutputUnit unit) {
    String place = unit.getInstanceLocation() == null ? "" : unit.getInstanceLocation();
    return new Problem.Fault("/data" + place.replaceFirst("^#", ""), unit.getError());
  }
}
