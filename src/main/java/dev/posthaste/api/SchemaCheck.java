package dev.posthaste.api;

import dev.posthaste.http.Problem.Fault;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.SchemaRepository;
import io.vertx.json.schema.Validator;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Checks a value against a schema of the document and says each fault in words. */
final class SchemaCheck {
  private static final JsonSchemaOptions EVERY_FAULT =
      new JsonSchemaOptions()
          .setBaseUri("app://posthaste/")
          .setDraft(Draft.DRAFT202012)
          .setOutputFormat(OutputFormat.Basic);

  private final JsonObject schema;
  private final Validator validator;

  SchemaCheck(JsonSchema schema, SchemaRepository schemas) {
    this.schema = (JsonObject) schema;
    this.validator = schemas.validator(schema, EVERY_FAULT);
  }

  /**
   * Everything that is wrong with a value.
   *
   * @param root stands before every pointer
   */
  List<Fault> faults(Object value, String root) {
    OutputUnit result = validator.validate(value);
    if (result.getValid()) {
      return List.of();
    }
    return result.getErrors().stream()
        .flatMap(unit -> fault(unit, value, root).stream())
        .distinct()
        .toList();
  }

  private Optional<Fault> fault(OutputUnit unit, Object value, String root) {
    String rule = pointer(unit.getKeywordLocation());
    String place = pointer(unit.getInstanceLocation());
    int slash = rule.lastIndexOf('/');
    JsonObject around =
        Pointers.at(schema, rule.substring(0, slash)) instanceof JsonObject at
            ? at
            : new JsonObject();
    return new SchemaFault(rule.substring(slash + 1), around, unit.getError())
        .inWords(Pointers.at(value, place), place)
        .map(
            fault ->
                new Fault(
                    root + fault.pointer(),
                    (rule.contains("/propertyNames/") ? "the name " : "") + fault.message()));
  }

  /** The library writes pointers as fragments: percent-encoded, behind a {@code #}. */
  static String pointer(String fragment) {
    return URLDecoder.decode(fragment.substring(1).replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
