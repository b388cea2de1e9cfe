package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Received;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A delivery whose event is past its retention is made from what the client still has of it. */
@ExtendWith(PostgresExtension.class)
class ForgottenEventTest {
  private static final String KEY = "k:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  private static final String DELIVERIES = "/webhooks/v1/deliveries/";

  @TempDir Path folder;

  @Test
  void theReceiverSeesTheEventOfThenByItsOldId(DatabaseUrl url) throws Exception {
    try (RecordingReceiver receiver = new RecordingReceiver();
        RunningServer server = new RunningServer(url, folder, Map.of("ENCRYPTION_KEYS", KEY))) {
      long endpoint = endpoint(server, receiver.url("/old"), "standard");
      long casedev = endpoint(server, receiver.url("/case"), "casedev");
      long event = idOf(Instant.now().minus(Duration.ofDays(40)));
      DeliveryId old = new DeliveryId(event, endpoint);
      String body = "{\"payload\": {\"b\":1 , \"a\":[1.50]}, \"eventType\": \"order.paid\"}";
      JsonObject answer = new JsonObject(server.post(DELIVERIES + old + "/replay", body));
      assertThat(answer.getJsonObject("standsFor").getString("deliveryId"))
          .isEqualTo(old.toString());
      await().until(() -> receiver.received("/old").size() == 1);
      Received message = receiver.received("/old").getFirst();
      assertThat(message.headers().get("webhook-id")).isEqualTo(PublicId.EVENT.format(event));
      assertThat(message.body())
          .contains("\"data\":{\"b\":1 , \"a\":[1.50]}")
          .contains("\"type\":\"order.paid\"")
          .contains("\"id\":\"" + PublicId.EVENT.format(event) + "\"")
          .contains("\"timestamp\":\"" + time(event));
      String made = answer.getJsonObject("delivery").getString("id");
      await()
          .until(
              () -> delivery(server, made).getString("status"),
              status -> status.equals("delivered"));
      assertThat(
              delivery(server, made).getJsonArray("attempts").getJsonObject(0).getString("trigger"))
          .isEqualTo("replay");

      DeliveryId other = new DeliveryId(event, casedev);
      server.post(
          DELIVERIES + other + "/replay",
          "{\"payload\": 7, \"eventType\": \"order.paid\", \"occurredAt\": \"2026-02-03T04:05:06Z\"}");
      await().until(() -> receiver.received("/case").size() == 1);
      Received replayed = receiver.received("/case").getFirst();
      assertThat(replayed.headers().get("case-webhook-id")).isEqualTo(other.toString());
      assertThat(replayed.headers().get("case-webhook-replay")).isEqualTo("true");
      assertThat(replayed.body()).contains("2026-02-03T04:05:06.000Z").contains("\"data\":7");

      assertThat(server.api().get("/webhooks/v1/events?after=start").getJsonArray("events"))
          .as("nothing of it is news")
          .isEmpty();
      assertThat(missed(server, endpoint(server, receiver.url("/late"), "standard"))).isZero();
    }
  }

  @Test
  void whatIsStillThereOrWasNeverThereIsNotMadeUp(DatabaseUrl url) throws Exception {
    try (RecordingReceiver receiver = new RecordingReceiver();
        RunningServer server = new RunningServer(url, folder, Map.of("ENCRYPTION_KEYS", KEY))) {
      long endpoint = endpoint(server, receiver.url("/kept"), "standard");
      server.post("/webhooks/v1/events", "{\"type\": \"order.paid\", \"data\": 1}");
      await().until(() -> receiver.received("/kept").size() == 1);
      long kept =
          PublicId.EVENT
              .parse(receiver.received("/kept").getFirst().headers().get("webhook-id"))
              .orElseThrow();
      String body = "{\"payload\": 2, \"eventType\": \"order.paid\"}";
      assertThat(refusal(server, kept, endpoint, body)).contains("/payload").contains("still kept");
      long recent = idOf(Instant.now().minus(Duration.ofDays(3)));
      assertThat(refusal(server, recent, endpoint, body)).contains("not_found");
      long gone = idOf(Instant.now().minus(Duration.ofDays(40)));
      assertThat(refusal(server, gone, endpoint, "{}")).contains("not_found").contains("payload");
      assertThat(refusal(server, gone, endpoint, "{\"payload\": 2}")).contains("/eventType");
      assertThat(refusal(server, gone, endpoint, body.replace("order.paid", "oh no")))
          .contains("/eventType");
      assertThat(refusal(server, gone, 5, body)).contains("not_found");
      assertThat(receiver.received("/kept")).hasSize(1);
    }
  }

  @Test
  void theLargestEventComesBackAndOtherRoutesTakeNoMoreThanBefore(DatabaseUrl url)
      throws Exception {
    Map<String, String> settings = Map.of("ENCRYPTION_KEYS", KEY, "INGEST_MAX_PAYLOAD", "512KiB");
    try (RecordingReceiver receiver = new RecordingReceiver();
        RunningServer server = new RunningServer(url, folder, settings)) {
      long endpoint = endpoint(server, receiver.url("/large"), "standard");
      long gone = idOf(Instant.now().minus(Duration.ofDays(40)));
      String largest = "\"" + "x".repeat(512 * 1024 - 2) + "\"";
      String body = "{\"eventType\": \"order.paid\", \"payload\": %s}";
      server.post(DELIVERIES + new DeliveryId(gone, endpoint) + "/replay", body.formatted(largest));
      await().until(() -> receiver.received("/large").size() == 1);
      assertThat(receiver.received("/large").getFirst().body()).contains("\"data\":" + largest);
      String more = body.formatted(largest.replaceFirst("x", "xx"));
      assertThat(refusal(server, gone, endpoint, more)).contains("413").contains("524288");
      assertThat(refusal(server, gone, endpoint, body.formatted(largest + " ".repeat(8192))))
          .contains("413");
      String path = "/webhooks/v1/endpoints/" + PublicId.ENDPOINT.format(endpoint) + "/test";
      assertThat(server.post(path, "{\"payload\": " + largest + "}")).contains("413");
    }
  }

  @Test
  void anIdThatIsMadeFromTheContentComesOutAsItWas(DatabaseUrl url) throws Exception {
    try (RecordingReceiver receiver = new RecordingReceiver();
        RunningServer server = new RunningServer(url, folder, Map.of("ENCRYPTION_KEYS", KEY))) {
      long endpoint = endpoint(server, receiver.url("/case"), "offload");
      long gone = idOf(Instant.now().minus(Duration.ofDays(40)));
      String replay = DELIVERIES + new DeliveryId(gone, endpoint) + "/replay";
      JsonObject body = new JsonObject().put("payload", 1).put("eventType", "case.failed");
      assertThat(refusal(server, gone, endpoint, body.encode()))
          .contains("/occurredAt")
          .contains("/resourceId")
          .contains("contract 'offload'")
          .contains("another id");
      body.put("resourceId", "c1");
      assertThat(refusal(server, gone, endpoint, body.encode()))
          .contains("/occurredAt")
          .doesNotContain("/resourceId");
      assertThat(refusal(server, gone, endpoint, body.copy().putNull("occurredAt").encode()))
          .contains("/occurredAt");
      server.post(replay, body.put("occurredAt", "2026-03-21T22:25:00Z").encode());
      await().until(() -> receiver.received("/case").size() == 1);
      assertThat(receiver.received("/case").getFirst().body())
          .contains("\"event_id\":\"evt_c1_case_failed_1774131900000\"");
      server.post(replay, body.putNull("resourceId").putNull("occurredAt").encode());
      await().until(() -> receiver.received("/case").size() == 2);
      assertThat(receiver.received("/case").getLast().body())
          .contains("\"event_id\":\"" + PublicId.EVENT.format(gone) + "\"");
    }
  }

  private static String refusal(RunningServer server, long event, long endpoint, String body) {
    String answer = server.post(DELIVERIES + new DeliveryId(event, endpoint) + "/replay", body);
    assertThat(new JsonObject(answer).getInteger("status")).as(answer).isBetween(400, 499);
    return answer;
  }

  private static long endpoint(RunningServer server, String url, String contract) {
    JsonObject body =
        new JsonObject()
            .put("url", url)
            .put("eventTypeFilters", new JsonArray(List.of("*")))
            .put("contract", contract);
    JsonObject made = new JsonObject(server.post("/webhooks/v1/endpoints", body.encode()));
    return PublicId.ENDPOINT.parse(made.getJsonObject("endpoint").getString("id")).orElseThrow();
  }

  private static int missed(RunningServer server, long endpoint) {
    JsonObject range =
        new JsonObject()
            .put("since", Instant.now().minus(Duration.ofHours(1)).toString())
            .put("only", "missed")
            .put("dryRun", true);
    String path = "/webhooks/v1/endpoints/" + PublicId.ENDPOINT.format(endpoint) + "/recover";
    return new JsonObject(server.post(path, range.encode())).getInteger("count");
  }

  private static JsonObject delivery(RunningServer server, String id) throws Exception {
    return server.api().get(DELIVERIES + id).getJsonObject("delivery");
  }

  private static long idOf(Instant time) {
    return IdGenerator.lowestAt(time.toEpochMilli()) + 77;
  }

  private static String time(long event) {
    return Instant.ofEpochMilli(IdGenerator.millisOf(event)).toString().substring(0, 19);
  }
}
