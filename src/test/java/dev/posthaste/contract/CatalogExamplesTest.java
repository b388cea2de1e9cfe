package dev.posthaste.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.EventType;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.json.schema.Draft;
import io.vertx.json.schema.JsonSchema;
import io.vertx.json.schema.JsonSchemaOptions;
import io.vertx.json.schema.Validator;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CatalogExamplesTest {
  private static final JsonSchemaOptions OPTIONS =
      new JsonSchemaOptions().setDraft(Draft.DRAFT202012).setBaseUri("https://posthaste.test");

  private static final Catalogs CATALOGS = CatalogReader.read(Optional.empty());

  static Stream<EventType> types() {
    return CATALOGS.byName().values().stream()
        .flatMap(catalog -> catalog.byName().values().stream());
  }

  @ParameterizedTest
  @MethodSource("types")
  void the_example_is_valid_and_invalid_without_any_required_field(EventType type) {
    JsonObject example = new JsonObject(type.example());
    assertThat(accepts(type, example)).as(type.name()).isTrue();

    for (Object field : required(type)) {
      JsonObject lacking = example.copy();
      lacking.remove((String) field);
      assertThat(accepts(type, lacking)).as("%s without %s", type.name(), field).isFalse();
    }
  }

  @ParameterizedTest
  @MethodSource("types")
  void unknown_fields_pass(EventType type) {
    JsonObject more = new JsonObject(type.example()).put("aNewField", new JsonArray());

    assertThat(accepts(type, more)).as(type.name()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("types")
  void a_field_of_a_wrong_type_fails(EventType type) {
    JsonObject properties = new JsonObject(type.schema()).getJsonObject("properties");
    for (String field : properties.fieldNames()) {
      if (properties.getJsonObject(field).containsKey("type")) {
        Object wrong = accepts(properties, field, "text") ? (Object) 7 : "text";
        JsonObject changed = new JsonObject(type.example()).put(field, wrong);
        assertThat(accepts(type, changed)).as("%s: %s", type.name(), field).isFalse();
      }
    }
  }

  @Test
  void literal_unions_and_nulls_are_as_declared() {
    assertThat(accepts("voice.transcription.created", "mode", "direct")).isTrue();
    assertThat(accepts("voice.transcription.created", "mode", "cloud")).isFalse();
    assertThat(accepts("voice.transcription.reused", "mode", "direct")).isFalse();
    assertThat(accepts("voice.transcription.reused", "from_cache", false)).isFalse();
    assertThat(accepts("agent.runtime.started", "sessionId", null)).isTrue();
    assertThat(accepts("agent.runtime.started", "runtimeProvider", null)).isFalse();
    assertThat(accepts("agent.scope.activated", "vaultIds", null)).isTrue();
    assertThat(accepts("agent.scope.activated", "vaultIds", new JsonArray().add(1))).isFalse();
    assertThat(accepts("agent.run.completed", "usage", new JsonObject().put("inputTokens", 1)))
        .isFalse();
    assertThat(accepts("matter.updated", "previous_attributes", new JsonObject())).isTrue();
  }

  @Test
  void only_deleted_agents_have_nothing_to_tell() {
    assertThat(types().filter(type -> type.example().equals("{}")))
        .extracting(EventType::name)
        .containsExactly("agent.deleted");
  }

  @Test
  void offload_asks_for_what_its_table_marks_as_always_there() {
    EventType failed = type("offload", "case.failed");

    assertThat(required(failed))
        .containsExactly("caseId", "status", "channel", "attemptCount", "failureReason");
  }

  private static boolean accepts(String name, String field, Object value) {
    EventType type = type("casedev", name);
    return accepts(type, new JsonObject(type.example()).put(field, value));
  }

  private static boolean accepts(EventType type, JsonObject data) {
    return valid(new JsonObject(type.schema()), data);
  }

  private static boolean accepts(JsonObject properties, String field, Object value) {
    return valid(properties.getJsonObject(field), value);
  }

  private static boolean valid(JsonObject schema, Object value) {
    return Validator.create(JsonSchema.of(schema), OPTIONS).validate(value).getValid();
  }

  private static JsonArray required(EventType type) {
    return new JsonObject(type.schema()).getJsonArray("required", new JsonArray());
  }

  private static EventType type(String catalog, String name) {
    return CATALOGS.named(catalog).orElseThrow().type(name).orElseThrow();
  }
}
