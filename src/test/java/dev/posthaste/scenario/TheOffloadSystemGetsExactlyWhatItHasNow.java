package dev.posthaste.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.support.Api;
import dev.posthaste.support.OffloadContracts;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import dev.posthaste.support.ServerProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The Offload system in the place of its own sender: its bodies in, its wire format out. On the
 * packaged program, with the contract and the catalog that ship.
 */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TheOffloadSystemGetsExactlyWhatItHasNow {
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final long AT = 1_774_131_900_000L;
  private static final String COMPLETED =
      """
      { "caseId": "4fc5904d-0e44-4ed3-aa57-c4a47ad0ae4f", "status": "COMPLETED", "channel": "EMAIL",
        "attemptCount": 2, "clientReferenceId": "claim-20391",
        "result": {"amount": 129.00, "currency": "USD", "note": "Zoë 💌 \\u00e9\\/"}, "resultStatus": "goal_achieved",
        "metadata": {"b":1,"a":[1.0,1e3,null,{"deep":  true}],"":"empty"},
        "attachments": [{"attachmentId": "att_7c21", "filename": "a.pdf", "contentType": "application/pdf", "sizeBytes": 88213}]}""";
  private static final String FAILED =
      """
      {"caseId":"%s","status":"FAILED","channel":"EMAIL","attemptCount":5,"resultStatus":"max_retries",\
      "failureReason":"No answer after five attempts","metadata":"anything at all"}""";
  private static final String INPUT_NEEDED =
      """
      {"caseId":"%s","status":"INPUT_NEEDED","channel":"EMAIL","attemptCount":1,"inputRequest":"Which one?",\
      "inputRequestId":"inr_51f0","inputRequestStatus":"PENDING","inputRequestedAt":1774131900000}""";

  private final RecordingReceiver receiver = new RecordingReceiver();
  private ServerProcess server;
  private String key;

  @BeforeAll
  void start(@TempDir Path folder) throws Exception {
    OffloadContracts.write(folder.resolve("contracts"), "offload-signed", "[2s, 2s, 2s]");
    server =
        new ServerProcess(folder)
            .with("POSTHASTE_CONTRACTS_DIR", folder.resolve("contracts").toString())
            .start();
    key = tenant("offload", "offload");
  }

  @AfterAll
  void stop() {
    server.close();
    receiver.close();
  }

  private String tenant(String uid, String contract) throws Exception {
    Api operator = new Api(server.uri("/"), ServerProcess.KEY);
    operator.call(
        "POST",
        "/admin/v1/tenants",
        new JsonObject()
            .put("uid", uid)
            .put("name", uid)
            .put("contract", contract)
            .put("catalog", "offload"));
    JsonArray permissions =
        new JsonArray(List.of("events:write", "endpoints:write", "deliveries:read"));
    return operator
        .call(
            "POST",
            "/admin/v1/keys",
            new JsonObject().put("tenant", uid).put("name", "n").put("permissions", permissions))
        .getString("secret");
  }

  private Api api() {
    return new Api(server.uri("/"), key);
  }

  /** As the case service posts it; the data is not read on the way. */
  private CompletableFuture<HttpResponse<String>> post(
      String asKey, String type, String caseId, String data, String path) {
    String body =
        "{\"type\":\"%s\",\"resourceId\":\"%s\",\"occurredAt\":\"2026-03-21T22:25:00.000Z\",\"clientWebhookUrl\":\"%s\",\"data\":%s}"
            .formatted(type, caseId, receiver.url(path), data);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.uri("/webhooks/v1/events").toString()))
            .header("authorization", "Bearer " + asKey)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body))
            .build();
    return HTTP.sendAsync(request, BodyHandlers.ofString());
  }

  private JsonObject accept(String type, String caseId, String data, String path) {
    HttpResponse<String> answer = post(key, type, caseId, data, path).join();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
    return new JsonObject(answer.body()).getJsonObject("event");
  }

  private Received only(String path) {
    await().until(() -> receiver.received(path).size() == 1);
    return receiver.received(path).getFirst();
  }

  /** Its one delivery, once it is over. */
  private JsonObject ended(String caseId) {
    JsonObject[] found = new JsonObject[1];
    await()
        .untilAsserted(
            () -> {
              JsonObject why = api().get("/webhooks/v1/events/" + caseId + "/explain");
              found[0] = why.getJsonObject("direct").getJsonObject("delivery");
              assertThat(found[0].getString("status")).isNotEqualTo("pending");
            });
    return found[0];
  }

  private static String id(String caseId, String type) {
    return "evt_" + caseId + "_" + type.replace('.', '_') + "_" + AT;
  }

  @Test
  void a_completed_case_goes_out_byte_for_byte() {
    String caseId = "4fc5904d-0e44-4ed3-aa57-c4a47ad0ae4f";
    JsonObject event = accept("case.completed", caseId, COMPLETED, "/completed");
    assertThat(event.getString("id"))
        .isEqualTo("evt_4fc5904d-0e44-4ed3-aa57-c4a47ad0ae4f_case_completed_1774131900000");
    Received received = only("/completed");
    assertThat(received.method()).isEqualTo("POST");
    assertThat(received.body())
        .isEqualTo(
            "{\"event_id\":\"evt_4fc5904d-0e44-4ed3-aa57-c4a47ad0ae4f_case_completed_1774131900000\","
                + "\"event_type\":\"case.completed\",\"timestamp\":1774131900000,\"data\":"
                + COMPLETED
                + "}");
    assertThat(received.headers().get("content-type")).isEqualTo("application/json");
    assertThat(received.headers().names().stream().map(name -> name.toLowerCase(Locale.ROOT)))
        .containsExactlyInAnyOrder(
            "host", "content-type", "content-length", "user-agent", "accept-encoding");
  }

  @Test
  void the_id_of_the_answer_finds_the_event_and_its_delivery() throws Exception {
    String id = accept("case.failed", "asked", FAILED.formatted("asked"), "/asked").getString("id");
    only("/asked");
    JsonObject delivery = ended(id);
    JsonArray listed =
        api().get("/webhooks/v1/deliveries?event_id=" + id).getJsonArray("deliveries");
    assertThat(listed).hasSize(1);
    assertThat(listed.getJsonObject(0).getString("id")).isEqualTo(delivery.getString("id"));
    JsonObject whole = api().get("/webhooks/v1/events/" + id);
    assertThat(whole.getJsonObject("event").getString("publisherId")).isEqualTo(id);
    assertThat(whole.getJsonArray("deliveries").getJsonObject(0).getString("id"))
        .isEqualTo(delivery.getString("id"));
  }

  @Test
  void a_failed_case_and_one_that_needs_input_do_too() {
    accept("case.failed", "f1", FAILED.formatted("f1"), "/failed");
    accept("case.input_needed", "i1", INPUT_NEEDED.formatted("i1"), "/input");
    assertThat(only("/failed").body())
        .isEqualTo(
            "{\"event_id\":\"evt_f1_case_failed_1774131900000\",\"event_type\":\"case.failed\","
                + "\"timestamp\":1774131900000,\"data\":"
                + FAILED.formatted("f1")
                + "}");
    assertThat(only("/input").body())
        .isEqualTo(
            "{\"event_id\":\"evt_i1_case_input_needed_1774131900000\",\"event_type\":\"case.input_needed\","
                + "\"timestamp\":1774131900000,\"data\":"
                + INPUT_NEEDED.formatted("i1")
                + "}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"case.created", "case.accepted", "case.resumed", "case.running"})
  void other_transitions_are_never_sent(String type) {
    HttpResponse<String> answer =
        post(key, type, "n1", FAILED.formatted("n1"), "/other-" + type).join();
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("/type").contains("catalog 'offload'");
    accept("case.failed", "after-" + type, FAILED.formatted("x"), "/after-" + type);
    only("/after-" + type);
    assertThat(receiver.received("/other-" + type)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 204, 226, 299})
  void any_2xx_is_delivered(int status) {
    String caseId = "ok-" + status;
    receiver.answer("/" + caseId, Answer.of(status));
    accept("case.failed", caseId, FAILED.formatted(caseId), "/" + caseId);
    assertThat(ended(id(caseId, "case.failed")).getString("status")).isEqualTo("delivered");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 400, 404, 408, 410, 429, 500, 503})
  void anything_else_is_one_attempt_that_is_logged_and_dropped(int status) {
    String caseId = "bad-" + status;
    receiver.answer("/" + caseId, Answer.of(status));
    accept("case.failed", caseId, FAILED.formatted(caseId), "/" + caseId);
    JsonObject over = ended(id(caseId, "case.failed"));
    assertThat(over.getString("status")).isEqualTo("failed");
    assertThat(over.getInteger("attemptCount")).isEqualTo(1);
    assertThat(over.getValue("nextAttemptAt")).isNull();
    assertThat(over.getInteger("lastHttpStatus")).isEqualTo(status);
    await()
        .untilAsserted(
            () ->
                assertThat(server.log().lines())
                    .anyMatch(
                        line -> line.contains("/" + caseId + "\"") && line.contains("is dropped")));
    assertThat(receiver.received("/" + caseId)).hasSize(1);
  }

  @Test
  void the_same_update_published_many_times_is_one_event() {
    List<CompletableFuture<HttpResponse<String>>> all =
        IntStream.range(0, 20)
            .mapToObj(i -> post(key, "case.failed", "twice", FAILED.formatted("twice"), "/twice"))
            .toList();
    List<HttpResponse<String>> answers = all.stream().map(CompletableFuture::join).toList();
    assertThat(answers.stream().map(HttpResponse::statusCode).filter(status -> status == 202))
        .hasSize(1);
    assertThat(answers.stream().map(HttpResponse::statusCode)).containsOnly(200, 202);
    assertThat(answers)
        .allMatch(answer -> answer.body().contains("evt_twice_case_failed_1774131900000"));
    assertThat(ended(id("twice", "case.failed")).getString("status")).isEqualTo("delivered");
    assertThat(receiver.received("/twice")).hasSize(1);
  }

  @Test
  void polling_the_feed_repairs_a_transition_that_was_missed() throws Exception {
    String after = api().get("/webhooks/v1/events?after=now").getString("nextCursor");
    receiver.answer("/missed", Answer.of(503));
    accept("case.completed", "missed", COMPLETED, "/missed");
    assertThat(ended(id("missed", "case.completed")).getString("status")).isEqualTo("failed");
    await().until(() -> inFeed(after, "missed").isPresent());
    JsonObject missed = inFeed(after, "missed").orElseThrow();
    assertThat(missed.getString("state")).isEqualTo("failed");
    assertThat(missed.getString("publisherId")).isEqualTo(id("missed", "case.completed"));
    HttpResponse<String> whole =
        api().raw("GET", "/webhooks/v1/events/" + missed.getString("id"), null);
    assertThat(whole.body()).contains(COMPLETED);
  }

  private Optional<JsonObject> inFeed(String after, String caseId) throws Exception {
    return api().get("/webhooks/v1/events?limit=250&after=" + after).getJsonArray("events").stream()
        .map(JsonObject.class::cast)
        .filter(event -> caseId.equals(event.getString("resourceId")))
        .findFirst();
  }

  @Test
  void signed_and_tried_again_the_body_is_the_same_also_when_the_server_is_killed()
      throws Exception {
    String signedKey = tenant("signed", "offload-signed");
    new Api(server.uri("/"), signedKey)
        .call("POST", "/webhooks/v1/direct_secret/rotate", new JsonObject());
    receiver.answer("/signed", request -> Answer.of(request.number() < 3 ? 500 : 200));
    HttpResponse<String> answer =
        post(signedKey, "case.failed", "s1", FAILED.formatted("s1"), "/signed").join();
    assertThat(answer.statusCode()).isEqualTo(202);
    await().until(() -> !receiver.received("/signed").isEmpty());
    server.kill();
    server.start();
    await().atMost(Duration.ofSeconds(60)).until(() -> receiver.received("/signed").size() >= 3);
    assertThat(receiver.received("/signed").stream().map(Received::body))
        .containsOnly(
            "{\"event_id\":\"evt_s1_case_failed_1774131900000\",\"event_type\":\"case.failed\","
                + "\"timestamp\":1774131900000,\"data\":"
                + FAILED.formatted("s1")
                + "}");
    assertThat(receiver.received("/signed"))
        .allMatch(one -> one.headers().get("webhook-signature").startsWith("v1,"))
        .allMatch(
            one -> one.headers().get("webhook-id").equals("evt_s1_case_failed_1774131900000"));
  }
}
