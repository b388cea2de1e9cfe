package dev.posthaste.api;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.OpenAPIContract;
import io.vertx.openapi.contract.Operation;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The OpenAPI document: as clients read it, and as requests are checked against it. Loaded once for
 * the node, which takes a moment, and then used by every event loop.
 */
public final class ApiDocument {
  private static final String ANY_TYPE = "*/*";
  private static final String RESOURCE = "/openapi/posthaste.yaml";
  private static final String TENANT_HEADER = "Posthaste-Tenant";

  private final OpenAPIContract contract;
  private final JsonObject document;
  private final Buffer json;
  private final DocsPages pages;
  private final Map<String, RequestCheck> checks;

  private ApiDocument(OpenAPIContract contract, Files files) {
    this.contract = contract;
    this.document = files.document;
    this.json = document.toBuffer();
    this.pages = files.pages;
    this.checks =
        contract.operations().stream()
            .collect(
                Collectors.toUnmodifiableMap(
                    Operation::getOperationId,
                    operation -> new RequestCheck(operation, contract.getSchemaRepository())));
  }

  /** Reads it off the event loop. */
  public static Future<ApiDocument> load(Vertx vertx) {
    return vertx
        .executeBlocking(Files::read)
        .compose(
            files ->
                OpenAPIContract.from(vertx, forRouting(files.document))
                    .compose(
                        contract -> vertx.executeBlocking(() -> new ApiDocument(contract, files))));
  }

  private record Files(JsonObject document, DocsPages pages) {
    static Files read() throws IOException {
      return new Files(ApiDocument.read(), DocsPages.read());
    }
  }

  private static JsonObject read() throws IOException {
    try (InputStream in = ApiDocument.class.getResourceAsStream(RESOURCE)) {
      return new JsonObject(
          new ObjectMapper(new YAMLFactory())
              .readValue(in, new TypeReference<Map<String, Object>>() {}));
    }
  }

  /**
   * What the library needs: it finds routes and schemas of requests. It refuses media types that it
   * does not know, such as {@code application/problem+json}, and would want to check keys itself.
   */
  private static JsonObject forRouting(JsonObject document) {
    JsonObject reduced = document.copy();
    reduced.remove("webhooks");
    reduced.getJsonObject("components").remove("responses");
    for (String path : reduced.getJsonObject("paths").fieldNames()) {
      JsonObject operations = reduced.getJsonObject("paths").getJsonObject(path);
      for (String method : operations.fieldNames()) {
        JsonObject operation = operations.getJsonObject(method);
        operation.remove("security");
        operation.put(
            "responses",
            new JsonObject().put("default", new JsonObject().put("description", "any")));
        if (operation.containsKey("requestBody")) {
          JsonObject content = operation.getJsonObject("requestBody").getJsonObject("content");
          content.remove("application/x-ndjson");
          if (content.containsKey(ANY_TYPE)) {
            content.put(ContentTypes.BYTES, content.remove(ANY_TYPE));
          }
        }
      }
    }
    return reduced;
  }

  /** The document for people. */
  DocsPages pages() {
    return pages;
  }

  /** What a key needs for this: the name of a permission, or {@link Admission#OPERATOR}. */
  String role(Operation operation) {
    JsonArray security =
        document
            .getJsonObject("paths")
            .getJsonObject(operation.getOpenAPIPath())
            .getJsonObject(operation.getHttpMethod().name().toLowerCase(Locale.ROOT))
            .getJsonArray("security");
    Set<String> roles =
        security.stream()
            .flatMap(schemes -> ((JsonObject) schemes).stream())
            .flatMap(scheme -> ((JsonArray) scheme.getValue()).stream())
            .map(String.class::cast)
            .collect(Collectors.toSet());
    if (roles.size() != 1) {
      throw new IllegalStateException(
          operation.getOperationId() + " must name one permission, names " + roles);
    }
    return roles.iterator().next();
  }

  /** Whether the header that names a tenant is among the parameters. */
  static boolean isOfTenant(Operation operation) {
    return operation.getParameters().stream()
        .anyMatch(parameter -> parameter.getName().equalsIgnoreCase(TENANT_HEADER));
  }

  /** What a request must be, for any event loop: each check has an index of the whole document. */
  RequestCheck check(Operation operation) {
    return checks.get(operation.getOperationId());
  }

  /** As requests are checked against it. */
  OpenAPIContract contract() {
    return contract;
  }

  /** As clients read it. */
  public Buffer json() {
    return json;
  }
}
