package dev.posthaste.openapi;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The OpenAPI document with every reference replaced by what it leads to. */
final class Document {
  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "patch", "delete", "head", "options");

  private final JsonObject whole;

  Document(JsonObject whole) {
    this.whole = whole;
  }

  /** In the order of the document. */
  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    JsonObject paths = whole.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      for (String method : paths.getJsonObject(path).fieldNames()) {
        if (METHODS.contains(method)) {
          JsonObject json = (JsonObject) followed(paths.getJsonObject(path).getValue(method));
          operations.add(
              new Operation(
                  json.getString("operationId"),
                  method.toUpperCase(Locale.ROOT),
                  path,
                  withThoseOfAnyRoute(json)));
        }
      }
    }
    return operations;
  }

  /** A request that cannot be understood, or has another method, gets these answers anywhere. */
  private JsonObject withThoseOfAnyRoute(JsonObject operation) {
    JsonObject answers = operation.getJsonObject("responses");
    Map.of("400", "BadRequest", "405", "MethodNotAllowed")
        .forEach(
            (status, name) -> {
              if (!answers.containsKey(status)) {
                answers.put(status, followed(at("#/components/responses/" + name)));
              }
            });
    return operation;
  }

  /** A section such as {@code webhooks}; empty if there is none. */
  JsonObject section(String name) {
    return (JsonObject) followed(whole.getJsonObject(name, new JsonObject()));
  }

  private Object followed(Object value) {
    return switch (value) {
      case JsonObject object when object.containsKey("$ref") ->
          followed(at(object.getString("$ref")));
      case JsonObject object -> {
        JsonObject copy = new JsonObject();
        object.forEach(entry -> copy.put(entry.getKey(), followed(entry.getValue())));
        yield copy;
      }
      case JsonArray array -> {
        JsonArray copy = new JsonArray();
        array.forEach(item -> copy.add(followed(item)));
        yield copy;
      }
      case null -> null;
      default -> value;
    };
  }

  private Object at(String reference) {
    Object place = whole;
    for (String step : reference.substring("#/".length()).split("/", -1)) {
      place = ((JsonObject) place).getValue(step);
    }
    return place;
  }
}
