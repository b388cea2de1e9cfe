package dev.posthaste.openapi;

import dev.posthaste.openapi.Client.Answer;
import dev.posthaste.openapi.Client.Request;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.OutputFormat;
import io.vertx.json.schema.OutputUnit;
import io.vertx.json.schema.Validator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether an answer is one that the document promises. */
final class AnswerCheck {
  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions()
          .setBaseUri("app://posthaste.test/")
          .setDraft(Draft.DRAFT202012)
          .setOutputFormat(OutputFormat.Basic);

  private static final String PROBLEM = "application/problem+json";

  /** Limited by the events of their tenant, not by the requests of their key. */
  private static final Set<String> WITHOUT_RATE_LIMIT = Set.of("createEvent", "createEvents");

  /** Said before the requests of the key are counted. */
  private static final Set<Integer> BEFORE_THE_LIMIT = Set.of(400, 401, 403, 405);

  /** What only a program that came apart would say. */
  private static final Pattern LIBRARIES =
      Pattern.compile(
          "Exception|StreamRead|REDACTED|jackson|vertx|netty|java\\.|javax|PgException|SQLSTATE"
              + "|ERROR:|\\bat dev\\.|DecodeException|\\[Source|null pointer|NaN\\b",
          Pattern.CASE_INSENSITIVE);

  private final Map<JsonObject, Validator> validators = new HashMap<>();

  /** What is wrong with it, in words. */
  List<String> faults(Operation operation, Request request, Answer answer) {
    List<String> faults = new ArrayList<>();
    Optional<JsonObject> documented = operation.answer(answer.status());
    if (answer.status() >= 500) {
      faults.add("a server error");
    }
    if (documented.isEmpty()) {
      faults.add("the status " + answer.status() + " is not documented");
    } else {
      body(documented.get(), answer, faults);
    }
    headers(operation, answer, faults);
    if (answer.status() >= 400) {
      problem(request, answer, faults);
    }
    return faults;
  }

  private void body(JsonObject documented, Answer answer, List<String> faults) {
    JsonObject contents = documented.getJsonObject("content", new JsonObject());
    if (contents.isEmpty()) {
      if (answer.body().length() > 0) {
        faults.add("it has a body; the document knows of none");
      }
      return;
    }
    String type = answer.headers().get("content-type");
    String media = type == null ? "none" : type.replaceFirst(";.*", "").strip();
    JsonObject content = contents.getJsonObject(media);
    if (content == null) {
      faults.add("its content type is " + media + ", documented are " + contents.fieldNames());
    } else if (media.endsWith("json") && content.containsKey("schema")) {
      schema(content.getJsonObject("schema"), answer, faults);
    }
  }

  private void schema(JsonObject schema, Answer answer, List<String> faults) {
    try {
      value(schema, Json.decodeValue(answer.body())).ifPresent(faults::add);
    } catch (DecodeException e) {
      faults.add("its body is not JSON");
    }
  }

  /** What is wrong with a value. */
  Optional<String> value(JsonObject schema, Object value) {
    OutputUnit result =
        validators
            .computeIfAbsent(schema, key -> Validator.create(JsonSchema.of(key.copy()), OPTIONS))
            .validate(value);
    return Boolean.TRUE.equals(result.getValid())
        ? Optional.empty()
        : Optional.of(
            "its body does not fit the schema: "
                + result.getErrors().stream()
                    .map(unit -> unit.getInstanceLocation() + " " + unit.getError())
                    .toList());
  }

  private static void headers(Operation operation, Answer answer, List<String> faults) {
    List<String> needed = new ArrayList<>();
    switch (answer.status()) {
      case 401 -> needed.add("www-authenticate");
      case 405 -> needed.add("allow");
      case 429, 503 -> needed.add("retry-after");
      default -> {
        // The others need none of their own.
      }
    }
    boolean admitted = !BEFORE_THE_LIMIT.contains(answer.status());
    if (admitted
        && !operation.rule().equals(Operation.PUBLIC)
        && !WITHOUT_RATE_LIMIT.contains(operation.id())) {
      needed.add("ratelimit");
      needed.add("ratelimit-policy");
    }
    needed.stream()
        .filter(name -> !answer.headers().contains(name))
        .forEach(name -> faults.add("the header " + name + " is missing"));
  }

  private static void problem(Request request, Answer answer, List<String> faults) {
    if (!PROBLEM.equals(answer.headers().get("content-type"))) {
      faults.add("the error is not " + PROBLEM);
      return;
    }
    JsonObject problem = answer.json();
    if (!Integer.valueOf(answer.status()).equals(problem.getInteger("status"))) {
      faults.add("the problem has another status than the answer");
    }
    if (problem.getString("message", "").isBlank() || problem.getString("code", "").isBlank()) {
      faults.add("the problem lacks message or code");
    }
    if (answer.status() == 422 && problem.getJsonArray("errors") == null) {
      faults.add("it does not say which input is not valid");
    }
    Matcher words = LIBRARIES.matcher(answer.body().toString());
    if (words.find() && !request.toString().contains(words.group())) {
      faults.add("it speaks with the words of a library: " + words.group());
    }
  }
}
