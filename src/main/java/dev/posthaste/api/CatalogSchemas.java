package dev.posthaste.api;

import dev.posthaste.http.Problem.Fault;
import io.vertx.core.file.FileSystem;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaException;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Checks the schemas that operators put into catalogs, and their examples. Takes its time and reads
 * files, so it is never used on an event loop; by one thread at a time.
 */
final class CatalogSchemas {
  private static final String DIALECT = "https://json-schema.org/draft/2020-12/schema";
  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions()
          .setBaseUri("https://posthaste.dev/")
          .setDraft(Draft.DRAFT202012)
          .setOutputFormat(OutputFormat.Basic);

  /** Rules that only say that something inside is wrong, which is said there too. */
  private static final Set<String> AROUND =
      Set.of(
          "allOf",
          "anyOf",
          "oneOf",
          "$ref",
          "$dynamicRef",
          "properties",
          "patternProperties",
          "additionalProperties",
          "items",
          "prefixItems",
          "propertyNames");

  /** Their values are data, whatever stands in it. */
  private static final Set<String> DATA = Set.of("const", "enum", "default", "examples");

  private final FileSystem files;
  private Optional<Validator> dialect = Optional.empty();

  CatalogSchemas(FileSystem files) {
    this.files = files;
  }

  /**
   * Everything that is wrong with a schema or, if that is good, with its example.
   *
   * @param at pointer to the entry that has both
   */
  List<Fault> faults(JsonObject schema, JsonObject example, String at) {
    try {
      return allFaults(schema, example, at);
    } catch (StackOverflowError e) {
      return List.of(
          new Fault(at + "/schema", "is nested too deeply, or refers to itself endlessly"));
    }
  }

  private List<Fault> allFaults(JsonObject schema, JsonObject example, String at) {
    List<Fault> faults = new ArrayList<>();
    if (!DIALECT.equals(schema.getValue("$schema", DIALECT))) {
      faults.add(new Fault(at + "/schema/$schema", "must be " + DIALECT));
    }
    faults.addAll(inWords(dialect().validate(schema), at + "/schema"));
    references(schema, schema, at + "/schema", faults);
    return faults.isEmpty() ? exampleFaults(schema, example, at) : faults;
  }

  private Validator dialect() {
    if (dialect.isEmpty()) {
      dialect =
          Optional.of(
              SchemaRepository.create(OPTIONS)
                  .preloadMetaSchema(files, Draft.DRAFT202012)
                  .validator(DIALECT));
    }
    return dialect.get();
  }

  private static List<Fault> exampleFaults(JsonObject schema, JsonObject example, String at) {
    try {
      Validator validator = Validator.create(JsonSchema.of(schema), OPTIONS);
      return inWords(validator.validate(example), at + "/example");
    } catch (SchemaException | IllegalArgumentException e) {
      return List.of(new Fault(at + "/schema", "cannot be applied: " + e.getMessage()));
    }
  }

  /** The innermost faults: those around them only repeat that there is one. */
  private static List<Fault> inWords(OutputUnit result, String at) {
    if (Boolean.TRUE.equals(result.getValid())) {
      return List.of();
    }
    List<OutputUnit> all = result.getErrors() == null ? List.of() : result.getErrors();
    List<Fault> faults =
        all.stream()
            .filter(unit -> !AROUND.contains(rule(unit)))
            .map(unit -> new Fault(at + place(unit), unit.getError()))
            .distinct()
            .toList();
    return faults.isEmpty() ? List.of(new Fault(at, "is not valid")) : faults;
  }

  private static String rule(OutputUnit unit) {
    String rule = SchemaCheck.pointer(unit.getKeywordLocation());
    return rule.substring(rule.lastIndexOf('/') + 1);
  }

  private static String place(OutputUnit unit) {
    return unit.getInstanceLocation() == null
        ? ""
        : SchemaCheck.pointer(unit.getInstanceLocation());
  }

  /** A reference that leads nowhere would show only when an event gets there. */
  private static void references(
      JsonObject root, Object value, String pointer, List<Fault> faults) {
    if (value instanceof JsonObject object) {
      for (String name : object.fieldNames()) {
        Object inner = object.getValue(name);
        if (name.equals("$ref") && inner instanceof String target && !leads(root, target)) {
          faults.add(
              new Fault(pointer + "/$ref", "leads nowhere; must be like #/$defs/name in here"));
        } else if (!DATA.contains(name)) {
          references(root, inner, Pointers.child(pointer, name), faults);
        }
      }
    } else if (value instanceof JsonArray array) {
      for (int i = 0; i < array.size(); i++) {
        references(root, array.getValue(i), pointer + "/" + i, faults);
      }
    }
  }

  private static boolean leads(JsonObject root, String target) {
    if (target.equals("#")) {
      return true;
    }
    try {
      return target.startsWith("#/") && Pointers.at(root, SchemaCheck.pointer(target)) != null;
    } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
      return false;
    }
  }
}
