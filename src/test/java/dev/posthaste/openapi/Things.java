package dev.posthaste.openapi;

import dev.posthaste.RunningServer;
import dev.posthaste.openapi.Client.Answer;
import dev.posthaste.openapi.Client.Request;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Makes what the operations are about. Kinds that are not in its table are made as the document
 * says: by the POST of the path without the id, or by the example of the id.
 */
final class Things {
  private final Stage stage;
  private final AtomicInteger number = new AtomicInteger();

  /** What stands before the id in a path, and how a new one of it is made for a tenant. */
  private final Map<String, Function<String, String>> makers =
      Map.of(
          "endpoints", this::endpoint,
          "events", this::event,
          "deliveries", this::delivery,
          "jobs", this::job,
          "tenants", tenant -> tenant(),
          "keys", this::key,
          "attachments", this::attachment,
          "catalogs", tenant -> catalog(),
          "event_types", tenant -> eventType());

  Things(Stage stage) {
    this.stage = stage;
  }

  /** The id of a new thing of a tenant, of the kind that the operation is about. */
  String make(Operation operation, String tenant) {
    Function<String, String> known = makers.get(operation.kind());
    return known != null
        ? known.apply(tenant)
        : byExample(operation)
            .or(() -> madeByPost(operation, tenant))
            .orElseThrow(() -> new AssertionError(unknown(operation)));
  }

  private static String unknown(Operation operation) {
    return "Nobody knows how to make something for "
        + operation
        + ": give its path parameter an 'example' that any tenant may use, or add a maker for '"
        + operation.kind()
        + "' to "
        + Things.class.getSimpleName();
  }

  private static Optional<String> byExample(Operation operation) {
    return operation.parameters("path").stream()
        .flatMap(parameter -> Stream.ofNullable(parameter.getString("example")))
        .findFirst();
  }

  private Optional<String> madeByPost(Operation operation, String tenant) {
    String path = operation.path().substring(0, operation.path().indexOf("/{"));
    return stage.document.operations().stream()
        .filter(one -> one.method().equals("POST") && one.path().equals(path))
        .filter(Operation::takesBody)
        .findFirst()
        .map(
            post -> {
              Object example = post.body().getValue("example");
              Buffer body = example instanceof JsonObject json ? json.toBuffer() : Buffer.buffer();
              return stage.tryAsOperator(tenant, "POST", path, body);
            })
        .filter(answer -> answer.status() / 100 == 2)
        .flatMap(Things::idIn);
  }

  private static Optional<String> idIn(Answer answer) {
    JsonObject json = answer.json();
    return json.stream()
        .map(Map.Entry::getValue)
        .filter(JsonObject.class::isInstance)
        .map(inner -> ((JsonObject) inner).getString("id"))
        .findFirst()
        .or(() -> Optional.ofNullable(json.getString("id")));
  }

  private String endpoint(String tenant) {
    return endpoint(tenant, "thing.made");
  }

  private String endpoint(String tenant, String type) {
    JsonObject body =
        new JsonObject()
            .put("url", stage.receiver.url("/hooks"))
            .put("eventTypeFilters", new JsonArray().add(type));
    return stage
        .operator(tenant, "POST", "/webhooks/v1/endpoints", body)
        .getJsonObject("endpoint")
        .getString("id");
  }

  private String event(String tenant) {
    return event(tenant, "thing.nobody_wants");
  }

  private String event(String tenant, String type) {
    JsonObject body = new JsonObject().put("type", type).put("data", new JsonObject().put("n", 1));
    return stage
        .operator(tenant, "POST", "/webhooks/v1/events", body)
        .getJsonObject("event")
        .getString("id");
  }

  private String delivery(String tenant) {
    String type = "thing.number" + number.incrementAndGet();
    String endpoint = endpoint(tenant, type);
    return stage
        .operator(tenant, "GET", "/webhooks/v1/events/" + event(tenant, type), null)
        .getJsonArray("deliveries")
        .stream()
        .map(JsonObject.class::cast)
        .filter(one -> one.getString("endpointId").equals(endpoint))
        .map(one -> one.getString("id"))
        .findFirst()
        .orElseThrow();
  }

  private String job(String tenant) {
    return stage
        .operator(
            tenant,
            "POST",
            "/webhooks/v1/endpoints/" + endpoint(tenant) + "/recover",
            new JsonObject().put("since", "2026-01-01T00:00:00Z"))
        .getJsonObject("job")
        .getString("id");
  }

  private String tenant() {
    String uid = "tenant-" + number.incrementAndGet();
    return stage
        .operator(
            Stage.ACME,
            "POST",
            "/admin/v1/tenants",
            new JsonObject().put("uid", uid).put("name", uid))
        .getJsonObject("tenant")
        .getString("id");
  }

  private String attachment(String tenant) {
    Map<String, String> headers = Stage.headers(RunningServer.KEY);
    headers.put("posthaste-tenant", tenant);
    headers.put("content-type", Operation.ANY_FILE);
    Answer answer =
        stage.client.send(
            new Request(
                "POST", "/webhooks/v1/attachments", headers, Client.utf8("the words of a file")));
    return answer.json().getJsonObject("attachment").getString("attachmentId");
  }

  private String catalog() {
    String name = "catalog-" + number.incrementAndGet();
    JsonObject file = new JsonObject().put("eventTypes", new JsonArray().add(entry("thing.made")));
    stage.operator(Stage.ACME, "PUT", "/admin/v1/catalogs/" + name, file);
    return name;
  }

  /** With the catalog that it is of: the tenants of these tests have none. */
  private String eventType() {
    String type = "thing.number" + number.incrementAndGet() + "?catalog=things";
    JsonObject entry = entry(type);
    entry.remove("type");
    stage.operator(Stage.ACME, "PUT", "/webhooks/v1/event_types/" + type, entry);
    return type;
  }

  private static JsonObject entry(String type) {
    return new JsonObject()
        .put("type", type)
        .put("stability", "stable")
        .put("description", "A thing that a test has made.")
        .put("schema", new JsonObject().put("type", "object"))
        .put("example", new JsonObject());
  }

  private String key(String tenant) {
    JsonObject body =
        new JsonObject()
            .put("name", "thing")
            .put("tenant", tenant)
            .put("permissions", new JsonArray().add("events:write"));
    return stage
        .operator(tenant, "POST", "/admin/v1/keys", body)
        .getJsonObject("key")
        .getString("id");
  }
}
