package dev.posthaste.openapi;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Values that a schema allows, by chance. */
final class Samples {
  private static final List<String> WORDS =
      List.of("order.paid", "acme-1", "2026-01-01T00:00:00Z", "https://example.com/a", "a", "*");

  private final Random random;

  Samples(Random random) {
    this.random = random;
  }

  /** The example of the document if there is one. */
  Buffer body(Operation operation) {
    Object example = operation.body().getValue("example");
    return example == null ? anyBody(operation) : encoded(example);
  }

  /** Any body that the schema allows. */
  Buffer anyBody(Operation operation) {
    JsonObject schema = operation.body().getJsonObject("schema", new JsonObject());
    return operation.mediaType().endsWith("json")
        ? encoded(value(schema))
        : Buffer.buffer("some text");
  }

  static Buffer encoded(Object value) {
    return Client.utf8(Json.encode(value));
  }

  Object value(JsonObject schema) {
    if (schema.containsKey("enum")) {
      return one(schema.getJsonArray("enum"));
    }
    if (schema.containsKey("examples") && random.nextInt(3) > 0) {
      return one(schema.getJsonArray("examples"));
    }
    for (String choice : List.of("oneOf", "anyOf", "allOf")) {
      if (schema.containsKey(choice)) {
        return value((JsonObject) one(schema.getJsonArray(choice)));
      }
    }
    return ofType(type(schema), schema);
  }

  private String type(JsonObject schema) {
    Object type = schema.getValue("type");
    return type instanceof JsonArray several ? (String) one(several) : (String) type;
  }

  private Object ofType(String type, JsonObject schema) {
    return switch (type) {
      case "object" -> object(schema);
      case "array" -> array(schema);
      case "string" -> text(schema);
      case "integer" -> number(schema);
      case "number" -> number(schema) + random.nextInt(2) * 0.5;
      case "boolean" -> random.nextBoolean();
      case "null" -> null;
      case null, default -> one(List.of(new JsonObject().put("a", 1), "text", 7, new JsonArray()));
    };
  }

  private JsonObject object(JsonObject schema) {
    JsonObject made = new JsonObject();
    JsonArray required = schema.getJsonArray("required", new JsonArray());
    JsonObject properties = schema.getJsonObject("properties", new JsonObject());
    for (String name : properties.fieldNames()) {
      if (required.contains(name) || random.nextInt(5) < 2) {
        made.put(name, value(properties.getJsonObject(name)));
      }
    }
    if (schema.getValue("additionalProperties") instanceof JsonObject more
        && random.nextBoolean()) {
      made.put("more", value(more));
    }
    return made;
  }

  private JsonArray array(JsonObject schema) {
    int least = schema.getInteger("minItems", 0);
    int most = Math.min(schema.getInteger("maxItems", 3), least + 3);
    return IntStream.range(0, least + random.nextInt(most - least + 1))
        .mapToObj(i -> value(schema.getJsonObject("items", new JsonObject())))
        .collect(Collectors.collectingAndThen(Collectors.toList(), JsonArray::new));
  }

  private String text(JsonObject schema) {
    if ("date-time".equals(schema.getString("format"))) {
      return "2026-0" + (1 + random.nextInt(9)) + "-01T00:00:00Z";
    }
    Pattern pattern = Pattern.compile(schema.getString("pattern", ""));
    String free = letters(schema);
    return Stream.concat(
            random.nextBoolean() ? Stream.of(free) : Stream.empty(),
            Stream.concat(shuffled().stream(), Stream.of(free, "fifo", "endpoint.created")))
        .filter(text -> pattern.matcher(text).find())
        .filter(text -> text.length() >= schema.getInteger("minLength", 0))
        .filter(text -> text.length() <= schema.getInteger("maxLength", 10_000))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no sample fits: add a word for " + schema));
  }

  private List<String> shuffled() {
    List<String> words = new java.util.ArrayList<>(WORDS);
    java.util.Collections.shuffle(words, random);
    return words;
  }

  private String letters(JsonObject schema) {
    int least = schema.getInteger("minLength", 0);
    int most = Math.min(schema.getInteger("maxLength", 20), least + 20);
    return random
        .ints(least + random.nextInt(most - least + 1), 'a', 'z' + 1)
        .mapToObj(Character::toString)
        .collect(Collectors.joining());
  }

  private long number(JsonObject schema) {
    long least = schema.getInteger("minimum", 0);
    long most = schema.getInteger("maximum", 1_000);
    return one(List.of(least, most, least + (long) (random.nextDouble() * (most - least))));
  }

  private Object one(JsonArray some) {
    return some.getValue(random.nextInt(some.size()));
  }

  <T> T one(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }
}
