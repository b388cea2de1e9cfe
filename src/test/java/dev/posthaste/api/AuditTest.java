package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_READ;
import static dev.posthaste.event.ApiKey.Permission.ENDPOINTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.PublicId;
import dev.posthaste.support.Sql;
import io.vertx.core.json.JsonObject;
import io.vertx.openapi.contract.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every route that changes something leaves a record; which those are, the document says. */
class AuditTest extends WithApiServer {
  /** Routes with a method that changes, and no effect of their own that is kept. */
  private static final Set<String> CHANGE_NOTHING = Set.of("testEndpoint");

  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

  private static final String ENTRY =
      """
      {"stability": "beta", "description": "D", "schema": {"type": "object"}, "example": {}}
      """;

  private final Map<String, String> bodies = new HashMap<>();
  private final Map<String, String> subjects = new HashMap<>();
  private HttpCall operator;

  @BeforeEach
  void prepare() throws Exception {
    server.sql("TRUNCATE audit, event, attempt, deferred, endpoint_secret, endpoint CASCADE");
    operator = server.as(ApiServer.OPERATOR);
    bodies.put(
        "createEndpoint",
        """
        {"url": "https://example.com/a", "eventTypeFilters": ["*"], "secret": "%s",
         "headers": {"Authorization": "Bearer hidden"}}
        """
            .formatted(SECRET));
    bodies.put("recoverEndpoint", "{\"since\": \"2026-01-01T00:00:00Z\"}");
    bodies.put(
        "createAgentPostEndpoint", "{\"url\": \"https://example.com/a\", \"events\": [\"*\"]}");
    bodies.put("updateAgentPostEndpoint", "{\"description\": \"new\"}");
    bodies.put("updateEndpoint", "{\"description\": \"new\"}");
    bodies.put("updateTenant", "{\"name\": \"T\"}");
    bodies.put("putEventType", ENTRY);
    bodies.put(
        "importCatalog",
        "{\"eventTypes\": [" + ENTRY.replaceFirst("\\{", "{\"type\": \"a.b\", ") + "]}");
    bodies.put("createTenant", "{\"uid\": \"t" + server.ids.next() + "\", \"name\": \"T\"}");
    bodies.put(
        "createKey",
        "{\"tenant\": \"acme\", \"name\": \"k\", \"permissions\": [\"events:write\"]}");
  }

  private HttpCall.Answer call(Operation operation, String id) throws Exception {
    String body = bodies.getOrDefault(operation.getOperationId(), "{}");
    boolean takesBody = operation.getRequestBody() != null;
    var request =
        operator
            .request(operation.getOpenAPIPath().replaceAll("\\{\\w+}", id))
            .header("posthaste-tenant", "acme")
            .header("x-request-id", "req-1")
            .method(
                operation.getHttpMethod().name(),
                takesBody
                    ? java.net.http.HttpRequest.BodyPublishers.ofString(body)
                    : java.net.http.HttpRequest.BodyPublishers.noBody());
    return operator.send(takesBody ? request.header("content-type", "application/json") : request);
  }

  /** Something of the kind that the route changes. */
  private String subject(Operation operation) throws Exception {
    String path = operation.getOpenAPIPath();
    if (path.startsWith("/admin/v1/keys/")) {
      return call(operation("createKey"), "").ok(201).json("key").getString("id");
    }
    if (path.startsWith("/admin/v1/tenants/")) {
      return call(operation("createTenant"), "").ok(201).json("tenant").getString("id");
    }
    if (path.startsWith("/admin/v1/catalogs/")) {
      String name = "c" + server.ids.next();
      call(operation("importCatalog"), name).ok(200);
      return name;
    }
    if (path.contains("/event_types/")) {
      call(operation("putEventType"), "made.up").ok(200);
      return "made.up";
    }
    if (path.contains("/jobs/")) {
      return call(operation("recoverEndpoint"), endpoint()).ok(202).json("job").getString("id");
    }
    if (path.contains("/attachments/")) {
      return call(operation("createAttachment"), "")
          .ok(201)
          .json("attachment")
          .getString("attachmentId");
    }
    if (path.contains("/endpoints/")) {
      return endpoint();
    }
    if (path.contains("/deliveries/")) {
      return delivery();
    }
    return "none";
  }

  private String endpoint() throws Exception {
    return call(operation("createEndpoint"), "").ok(201).json("endpoint").getString("id");
  }

  private String delivery() throws Exception {
    long endpoint = PublicId.ENDPOINT.parse(endpoint()).orElseThrow();
    long event = server.ids.next();
    server.sql(
        "INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets) VALUES (%d, %d, 'vault.done', 0, '{}', '{%d}')"
            .formatted(event, server.acme.id(), endpoint),
        "INSERT INTO attempt VALUES (%d, %d, 1, 3, 1, 500, NULL, 1, NULL, NULL, 0)"
            .formatted(event, endpoint));
    return new DeliveryId(event, endpoint).toString();
  }

  private Operation operation(String id) {
    return server.document.contract().operation(id);
  }

  private List<String> records() throws Exception {
    return Sql.column(server.url, "SELECT action || ' ' || subject FROM audit ORDER BY id");
  }

  @Test
  void everyRouteThatChangesSomethingLeavesOneRecord() throws Exception {
    for (Operation operation : server.document.contract().operations()) {
      String id = operation.getOperationId();
      if (operation.getHttpMethod().name().equals("GET")
          || ApiRoutes.SERVED_ELSEWHERE.contains(id)
          || CHANGE_NOTHING.contains(id)) {
        continue;
      }
      prepare();
      String subject = subject(operation);
      int before = records().size();
      HttpCall.Answer answer = call(operation, subject);
      assertThat(answer.status()).as(id + " " + answer.text()).isBetween(200, 299);
      assertThat(records()).as(id).hasSize(before + 1);
      subjects.put(id, records().getLast());
      assertThat(
              Sql.column(
                  server.url,
                  "SELECT key_name || ' ' || request_id || ' ' || address FROM audit ORDER BY id DESC LIMIT 1"))
          .as(id)
          .containsExactly("test req-1 127.0.0.1");
      assertThat(Sql.column(server.url, "SELECT detail::text FROM audit"))
          .as(id)
          .noneMatch(text -> text.contains(SECRET) || text.contains("hidden"));
    }
    assertThat(subjects).hasSizeGreaterThan(7);
  }

  @Test
  void aRefusedChangeLeavesNone() throws Exception {
    HttpCall acme = server.as(server.key(server.acme, ENDPOINTS_WRITE));
    acme.post("/webhooks/v1/endpoints", "{}").problem(422);
    acme.delete("/webhooks/v1/endpoints/" + PublicId.ENDPOINT.format(5)).problem(404);
    assertThat(records()).isEmpty();
  }

  @Test
  void operatorsReadItNewestFirstAndNarrowItDown() throws Exception {
    String first = endpoint();
    String second = endpoint();
    call(operation("deleteEndpoint"), first).ok(204);
    call(operation("createTenant"), "").ok(201);
    HttpCall.Answer page = operator.get("/admin/v1/audit?limit=2").ok(200);
    assertThat(actions(page)).containsExactly("tenant.created", "endpoint.deleted");
    HttpCall.Answer next =
        operator
            .get("/admin/v1/audit?limit=2&cursor=" + page.json().getString("nextCursor"))
            .ok(200);
    assertThat(actions(next)).containsExactly("endpoint.created", "endpoint.created");
    assertThat(actions(operator.get("/admin/v1/audit?subject=" + first)))
        .containsExactly("endpoint.deleted", "endpoint.created");
    assertThat(actions(operator.get("/admin/v1/audit?tenant=acme&action=endpoint.created")))
        .hasSize(2);
    assertThat(actions(operator.get("/admin/v1/audit?tenant=other"))).isEmpty();
    operator.get("/admin/v1/audit?tenant=nobody").problem(422);
    JsonObject record =
        operator.get("/admin/v1/audit?subject=" + second).list("audit").getJsonObject(0);
    assertThat(record.getString("tenantId")).isEqualTo(PublicId.TENANT.format(server.acme.id()));
    assertThat(record.getJsonObject("key").getString("name")).isEqualTo("test");
    assertThat(record.getJsonObject("detail").getString("url")).isEqualTo("https://example.com/a");
    server.as(server.key(server.acme, ENDPOINTS_READ)).get("/admin/v1/audit").problem(403);
  }

  @Test
  void whatNobodyAskedForIsOfTheSystemAndOfNoKey() throws Exception {
    server.sql(
        """
        INSERT INTO audit (id, account_id, key_id, key_name, tenant_id, action, subject, detail)
        VALUES (1, %d, 0, 'system', %d, 'endpoint.auto_disabled', 'ep_1', '{"reason": "gone"}')
        """
            .formatted(server.account, server.acme.id()));
    JsonObject record = operator.get("/admin/v1/audit").ok(200).list("audit").getJsonObject(0);
    assertThat(record.getJsonObject("key"))
        .isEqualTo(new JsonObject().putNull("id").put("name", "system"));
  }

  private static List<String> actions(HttpCall.Answer answer) {
    return answer.ok(200).list("audit").stream()
        .map(entry -> ((JsonObject) entry).getString("action"))
        .toList();
  }
}
