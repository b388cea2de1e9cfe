package dev.posthaste.api;

import dev.posthaste.http.Problem.Fault;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * One rule of a schema that a value breaks.
 *
 * @param keyword the rule
 * @param schema in which it stands
 * @param otherwise what the library says about it
 */
record SchemaFault(String keyword, JsonObject schema, String otherwise) {

  /**
   * What to change; empty where the rule only says that something inside is wrong, which has a
   * fault of its own.
   *
   * @param value that breaks it
   * @param pointer to the value
   */
  Optional<Fault> inWords(Object value, String pointer) {
    return switch (keyword) {
      case "properties", "items", "$ref", "propertyNames", "allOf", "anyOf", "oneOf" ->
          Optional.empty();
      case "required" -> missing(pointer);
      case "additionalProperties" -> unknown(pointer);
      default -> Optional.of(new Fault(pointer, message(value)));
    };
  }

  /** The library names the missing field only in its text, so the first that is missing is it. */
  private Optional<Fault> missing(String pointer) {
    return strings("required")
        .filter(name -> otherwise.endsWith("\"" + name + "\""))
        .map(name -> new Fault(Pointers.child(pointer, name), "is required"))
        .findFirst();
  }

  private Optional<Fault> unknown(String pointer) {
    if (!Boolean.FALSE.equals(schema.getValue(keyword))) {
      return Optional.empty();
    }
    Set<String> known = schema.getJsonObject("properties", new JsonObject()).fieldNames();
    // The library calls a known field with a fault additional too.
    return known.stream().anyMatch(name -> Pointers.child("", name).equals(lastStep(pointer)))
        ? Optional.empty()
        : Optional.of(
            new Fault(pointer, "is not known here; known are " + String.join(", ", known)));
  }

  private static String lastStep(String pointer) {
    return pointer.substring(pointer.lastIndexOf('/'));
  }

  private String message(Object value) {
    Object limit = schema.getValue(keyword);
    return switch (keyword) {
      case "type" -> "must be " + types() + ", is " + kind(value);
      case "enum" -> "must be one of " + strings("enum").collect(Collectors.joining(", "));
      case "pattern" -> schema.getString("x-fault", "must match " + limit);
      case "format" -> "must be a time such as 2026-01-31T12:00:00Z";
      case "minimum", "maximum" ->
          "must be " + schema.getValue("minimum") + " to " + schema.getValue("maximum");
      case "minLength" ->
          limit.equals(1) ? "must not be empty" : "must have " + limit + " characters or more";
      case "maxLength" -> "must have at most " + limit + " characters";
      case "minItems" ->
          limit.equals(1) ? "must not be empty" : "must have " + limit + " items or more";
      case "maxItems" -> "must have at most " + limit + " items";
      case "maxProperties" -> "must have at most " + limit + " entries";
      default -> otherwise;
    };
  }

  private String types() {
    Stream<String> names =
        schema.getValue("type") instanceof JsonArray
            ? strings("type")
            : Stream.of(schema.getString("type"));
    return names.map(SchemaFault::named).collect(Collectors.joining(" or "));
  }

  private Stream<String> strings(String name) {
    JsonArray array = schema.getJsonArray(name, new JsonArray(List.of()));
    return array.stream().map(String::valueOf);
  }

  private static String named(String type) {
    return switch (type) {
      case "null" -> "null";
      case "array" -> "a list";
      case "object" -> "an object";
      case "integer" -> "a whole number";
      default -> "a " + type;
    };
  }

  private static String kind(Object value) {
    return switch (value) {
      case null -> "null";
      case JsonObject object -> "an object";
      case JsonArray array -> "a list";
      case String text -> "a string";
      case Number number -> "the number " + number;
      default -> "a boolean";
    };
  }
}
