package dev.posthaste.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.ApiKey;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ApiDocumentTest extends WithApiServer {
  private JsonObject document;

  @BeforeAll
  void read() throws Exception {
    var answer = server.as(null).get("/openapi.json").ok(200);
    assertThat(answer.header("content-type")).isEqualTo("application/json");
    document = answer.json();
  }

  private void eachOperation(BiConsumer<String, JsonObject> check) {
    document
        .getJsonObject("paths")
        .forEach(
            path ->
                ((JsonObject) path.getValue())
                    .forEach(
                        method ->
                            check.accept(
                                method.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                                (JsonObject) method.getValue())));
  }

  @Test
  void itIsServedAsOpenApiToEverybody() {
    assertThat(document.getString("openapi")).isEqualTo("3.1.0");
    assertThat(document.getJsonObject("components").getJsonObject("securitySchemes").fieldNames())
        .containsExactlyInAnyOrder("bearer", "apiKey");
  }

  @Test
  void itIsReadableInABrowserThatIsAllowedToAskNobodyElse() throws Exception {
    HttpCall visitor = server.as(null);
    HttpCall.Answer page = visitor.get("/docs").ok(200);
    assertThat(page.header("content-type")).startsWith("text/html");
    assertThat(page.header("content-security-policy"))
        .contains("script-src 'self'")
        .contains("connect-src 'self'");
    assertThat(page.text()).doesNotContain("http");
    for (String file : List.of("swagger-ui-bundle.js", "swagger-ui.css", "start.js")) {
      assertThat(page.text()).contains("docs/" + file);
      assertThat(visitor.get("/docs/" + file).ok(200).text()).isNotEmpty();
    }
    assertThat(visitor.get("/docs/start.js").text()).contains("openapi.json");
    visitor.get("/docs/nothing.js").problem(404);
  }

  @Test
  void everyOperationHasADescriptionAPermissionAndItsProblems() {
    Set<String> roles =
        Stream.concat(
                Stream.of(Admission.OPERATOR),
                Arrays.stream(ApiKey.Permission.values()).map(ApiKey.Permission::code))
            .collect(Collectors.toSet());
    eachOperation(
        (name, operation) -> {
          assertThat(operation.getString("summary")).as(name).isNotBlank();
          Set<String> answers = operation.getJsonObject("responses").fieldNames();
          assertThat(answers)
              .as(name)
              .contains("500")
              .anyMatch(status -> status.startsWith("2") || status.equals("101"));
          if (!operation.getJsonArray("security").isEmpty()) {
            assertThat(answers).as(name).contains("401", "403");
            JsonArray role =
                operation.getJsonArray("security").getJsonObject(0).getJsonArray("bearer");
            assertThat(roles).as(name).contains(role.getString(0));
          }
          if (operation.containsKey("requestBody")) {
            assertThat(answers).as(name).contains("400", "413", "415", "422");
          }
          if (name.contains("{id}")) {
            assertThat(answers).as(name).contains("404");
          }
        });
  }

  @Test
  void everyErrorIsAProblem() {
    document
        .getJsonObject("components")
        .getJsonObject("responses")
        .forEach(
            response -> {
              if (!Set.of("Endpoint", "EventType", "Job", "Tenant").contains(response.getKey())) {
                assertThat(((JsonObject) response.getValue()).getJsonObject("content").fieldNames())
                    .as(response.getKey())
                    .containsExactly("application/problem+json");
              }
            });
  }

  @Test
  void everyManagementOperationHasAHandlerThatAsksForAKey() throws Exception {
    Map<String, Operation> operations =
        server.document.contract().operations().stream()
            .collect(Collectors.toMap(Operation::getOperationId, operation -> operation));
    List<String> seen = new ArrayList<>();
    for (Operation operation : operations.values()) {
      if (ApiRoutes.SERVED_ELSEWHERE.contains(operation.getOperationId())
          || operation.getOperationId().equals("getOpenApiDocument")
          || operation.getOperationId().equals(ContentRoute.OPERATION)) {
        continue;
      }
      seen.add(operation.getOperationId());
      server
          .as(null)
          .send(
              operation.getHttpMethod().name(),
              operation.getOpenAPIPath().replaceAll("\\{\\w+}", "x"),
              "application/json",
              "{}")
          .problem(401);
    }
    assertThat(seen).hasSizeGreaterThan(12);
  }

  /** An operator may use them also for a tenant that was deleted. */
  @Test
  void whatNeedsOnlyAPermissionToReadChangesNothing() {
    eachOperation(
        (name, operation) -> {
          if (operation.getJsonArray("security").encode().contains(":read")) {
            assertThat(name).startsWith("GET ");
          }
        });
  }

  @Test
  void whatIsServedElsewhereIsNotAnsweredHereWithSuccess() throws Exception {
    server.as(null).post("/webhooks/v1/events", "{}").problem(404);
  }

  @Test
  void everyExampleOfABodyIsWhatItsSchemaAsksFor() {
    List<String> checked = new ArrayList<>();
    eachOperation(
        (name, operation) -> {
          Object example = Pointers.at(operation, "/requestBody/content/application~1json/example");
          if (example != null) {
            String id = operation.getString("operationId");
            var body = server.document.contract().operation(id).getRequestBody();
            SchemaCheck check =
                new SchemaCheck(
                    body.determineContentType("application/json").getSchema(),
                    server.document.contract().getSchemaRepository());
            assertThat(check.faults(example, "")).as(name).isEmpty();
            checked.add(id);
          }
        });
    assertThat(checked)
        .contains("createEvent", "createEndpoint", "updateEndpoint", "createTenant", "createKey");
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    references(document)
        .forEach(
            reference ->
                assertThat(Pointers.at(document, reference.substring(1)))
                    .as(reference)
                    .isNotNull());
  }

  private static List<String> references(Object value) {
    List<String> found = new ArrayList<>();
    if (value instanceof JsonObject object) {
      object.forEach(
          entry -> {
            if (entry.getKey().equals("$ref")) {
              found.add((String) entry.getValue());
            } else {
              found.addAll(references(entry.getValue()));
            }
          });
    } else if (value instanceof JsonArray array) {
      array.forEach(item -> found.addAll(references(item)));
    }
    return found;
  }
}
