package dev.posthaste.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.RunningServer;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Api;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Received;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * A whole node with the catalogs that ship and one contract whose waits are shorter, and a receiver
 * on the same machine. Everything is asked of it over HTTP.
 */
final class SeedNode implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  static final String EVENTS = "/webhooks/v1/events";
  static final String ENDPOINTS = "/webhooks/v1/endpoints";
  static final String DELIVERIES = "/webhooks/v1/deliveries";

  private static final List<String> PERMISSIONS =
      List.of(
          "events:write",
          "endpoints:read",
          "endpoints:write",
          "deliveries:read",
          "deliveries:replay");

  final RecordingReceiver receiver = new RecordingReceiver();
  private final RunningServer server;
  private final Api operator;

  SeedNode(DatabaseUrl url, Path folder, ShippedContract contract) throws IOException {
    Path contracts = folder.resolve("contracts");
    contract.writeFaster(contracts);
    server =
        new RunningServer(
            url,
            folder.resolve("data"),
            Map.of(
                "CONTRACTS_DIR", contracts.toString(),
                "CLUSTER_HEARTBEAT", "200ms",
                "DEFERRED_CLAIM_INTERVAL", "100ms",
                "JOBS_INTERVAL", "50ms"));
    operator = server.apiAs(RunningServer.KEY);
  }

  /** A new tenant of the system, with the contract and the catalog of that name. */
  Api tenant(String uid, String system) throws Exception {
    operator.call(
        "POST",
        "/admin/v1/tenants",
        new JsonObject()
            .put("uid", uid)
            .put("name", uid)
            .put("contract", system)
            .put("catalog", system)
            .put("orgId", "org_" + uid)
            .put("envId", "env_live"));
    return key(uid);
  }

  /**
   * The bearer of a new key of the tenant.
   *
   * @param scopes none for all
   */
  Api key(String tenant, String... scopes) throws Exception {
    JsonObject body =
        new JsonObject()
            .put("tenant", tenant)
            .put("name", "test")
            .put("permissions", new JsonArray(PERMISSIONS));
    if (scopes.length > 0) {
      body.put("scopes", new JsonArray(Arrays.asList(scopes)));
    }
    return server.apiAs(operator.call("POST", "/admin/v1/keys", body).getString("secret"));
  }

  /** The event types of a catalog that ships. */
  static List<JsonObject> catalog(String system) throws IOException {
    try (InputStream in =
        SeedNode.class.getResourceAsStream("/conf/catalogs/" + system + ".json")) {
      return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .getJsonArray("eventTypes").stream().map(JsonObject.class::cast).toList();
    }
  }

  /** The example that a catalog has of a type. */
  static JsonObject example(String system, String type) throws IOException {
    return catalog(system).stream()
        .filter(entry -> entry.getString("type").equals(type))
        .findFirst()
        .orElseThrow()
        .getJsonObject("example")
        .copy();
  }

  /** One event as its publisher writes it. */
  static String event(String type, String data) {
    return "{\"type\":\"%s\",\"occurredAt\":\"2026-03-21T23:25:00.007+01:00\",\"data\":%s}"
        .formatted(type, data);
  }

  /** What was answered; the event was accepted. */
  static JsonObject publish(Api api, String type, JsonObject data) throws Exception {
    HttpResponse<String> answer = api.rawText("POST", EVENTS, event(type, data.encode()));
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return new JsonObject(answer.body());
  }

  /** The same event many times, in one request. */
  static void publishMany(Api api, String type, JsonObject data, int times) throws Exception {
    String one = event(type, data.encode());
    String body = "[" + String.join(",", Collections.nCopies(times, one)) + "]";
    HttpResponse<String> answer = api.rawText("POST", EVENTS + "/batch", body);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
  }

  /** The first fault that a refusal names, as pointer and message. */
  static String fault(HttpResponse<String> answer, int status) {
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonObject first = new JsonObject(answer.body()).getJsonArray("errors").getJsonObject(0);
    return first.getString("pointer") + ": " + first.getString("message");
  }

  /** What came for the path, once it is so much. */
  List<Received> received(String path, int messages) {
    await().atMost(PATIENCE).until(() -> receiver.received(path).size() >= messages);
    List<Received> received = receiver.received(path);
    assertThat(received).as(path).hasSize(messages);
    return received;
  }

  /** The delivery of an event to an endpoint with its attempts, once it is over. */
  static JsonObject ended(Api api, JsonObject published, String endpoint) {
    String event = published.getJsonObject("event").getString("id");
    JsonObject[] found = new JsonObject[1];
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              found[0] = delivery(api, event, endpoint);
              assertThat(found[0].getString("status")).isNotEqualTo("pending");
            });
    return found[0];
  }

  private static JsonObject delivery(Api api, String event, String endpoint) throws Exception {
    JsonArray all = api.get(EVENTS + "/" + event).getJsonArray("deliveries");
    String id =
        all.stream()
            .map(JsonObject.class::cast)
            .filter(one -> one.getString("endpointId").equals(endpoint))
            .findFirst()
            .orElseThrow(() -> new AssertionError("no delivery to " + endpoint + ": " + all))
            .getString("id");
    return api.get(DELIVERIES + "/" + id).getJsonObject("delivery");
  }

  /** How long after the one before each attempt of a delivery began, in milliseconds. */
  static List<Long> gaps(JsonObject delivery) {
    List<Long> starts =
        attempts(delivery).stream()
            .map(attempt -> Instant.parse(attempt.getString("at")).toEpochMilli())
            .toList();
    return IntStream.range(1, starts.size())
        .mapToObj(i -> starts.get(i) - starts.get(i - 1))
        .toList();
  }

  /** In the order they were made. */
  static List<JsonObject> attempts(JsonObject delivery) {
    return delivery.getJsonArray("attempts").stream()
        .map(JsonObject.class::cast)
        .sorted(Comparator.comparing(attempt -> attempt.getInteger("number")))
        .toList();
  }

  /** Lower case, sorted. */
  static SortedSet<String> headerNames(Received message) {
    SortedSet<String> names = new TreeSet<>();
    message.headers().forEach((name, value) -> names.add(name.toLowerCase(Locale.ROOT)));
    return names;
  }

  static JsonObject endpoint(Api api, String id) throws Exception {
    return api.get(ENDPOINTS + "/" + id).getJsonObject("endpoint");
  }

  /** Waits until an endpoint has failed so often in a row. */
  static void awaitFailures(Api api, String id, int failures) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () ->
                assertThat(endpoint(api, id).getInteger("consecutiveFailures"))
                    .isEqualTo(failures));
  }

  static void awaitStatus(Api api, String id, String status) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(endpoint(api, id).getString("status")).isEqualTo(status));
  }

  @Override
  public void close() {
    server.close();
    receiver.close();
  }
}
