package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Events that bring a destination of their own. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DirectIngestTest {
  private static final String URL = "https://client.example/hook?case=1";
  private static final long CASES = 4;
  private static final long ACME = 2;

  private IngestRig rig;

  @BeforeAll
  void open(DatabaseUrl url) {
    rig = new IngestRig(url, url, IngestRig.SETTINGS);
  }

  @AfterAll
  void close() {
    rig.close();
  }

  @BeforeEach
  void clear() {
    rig.db.execute("TRUNCATE event, event_key, deferred");
    rig.handedOver.clear();
    rig.registry.putDirectSecrets(ACME, List.of());
  }

  private static String event(String tenant, String url) {
    return """
        {"tenant":"%s","type":"case.completed","data":{"caseId":"c1"},"resourceId":"c1",\
        "occurredAt":"2026-03-21T22:25:00Z","clientWebhookUrl":"%s"}"""
        .formatted(tenant, url);
  }

  @Test
  void itIsATargetOfTheEventAndHandedOverLikeAnyOther() {
    HttpResponse<String> answer = rig.post(event("cases", URL));
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(new JsonObject(answer.body()).getInteger("deliveries")).isEqualTo(1);
    long target = DirectTarget.id(CASES, URL);
    assertThat(rig.db.column("SELECT targets[1] || ' ' || direct_url FROM event"))
        .containsExactly(target + " " + URL);
    assertThat(rig.handedOver).extracting(Delivery::endpointId).containsExactly(target);
    assertThat(rig.handedOver.getFirst().event().directUrl()).contains(URL);
  }

  @Test
  void itComesInAdditionToTheEndpointsThatMatch() {
    rig.registry.putDirectSecrets(
        ACME, List.of(new SigningSecret(Samples.SECRET, Optional.empty())));
    assertThat(rig.post(event("acme", URL)).statusCode()).isEqualTo(202);
    assertThat(rig.handedOver)
        .extracting(Delivery::endpointId)
        .containsExactly(21L, 22L, DirectTarget.id(ACME, URL));
  }

  @Test
  void aUrlThatCannotBeUsedIsRefused() {
    HttpResponse<String> answer = rig.post(event("cases", "ftp://client.example/"));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body()).contains("/clientWebhookUrl").contains("must begin with https://");
    assertThat(rig.post(event("cases", "https://a/" + "x".repeat(3_000))).statusCode())
        .isEqualTo(422);
    assertThat(rig.post(event("cases", URL).replace("\"" + URL + "\"", "7")).statusCode())
        .isEqualTo(422);
    assertThat(rig.db.column("SELECT count(*) FROM event")).containsExactly("0");
  }

  @Test
  void nullIsNone() {
    assertThat(rig.post(event("cases", URL).replace("\"" + URL + "\"", "null")).statusCode())
        .isEqualTo(202);
    assertThat(rig.handedOver).isEmpty();
  }

  @Test
  void aContractThatSignsNeedsASecretFirst() {
    HttpResponse<String> answer = rig.post(event("acme", URL));
    assertThat(answer.statusCode()).isEqualTo(422);
    assertThat(answer.body())
        .contains("/clientWebhookUrl")
        .contains("POST /webhooks/v1/direct_secret/rotate");
  }

  @Test
  void theSameUpdateTwiceIsOneEventThatGoesOutOnce() {
    HttpResponse<String> first = rig.post(event("cases", URL));
    HttpResponse<String> second = rig.post(event("cases", URL));
    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(id(second)).isEqualTo(id(first)).isEqualTo("evt_c1_case_completed_1774131900000");
    assertThat(rig.post(event("cases", URL + "&other")).statusCode()).isEqualTo(200);
    assertThat(rig.handedOver).hasSize(1);
  }

  private static String id(HttpResponse<String> answer) {
    return new JsonObject(answer.body()).getJsonObject("event").getString("id");
  }

  @Test
  void aBatchMayMixAllKinds() {
    String plain = "{\"type\":\"order.paid\",\"data\":1}";
    String keyed = "{\"type\":\"order.paid\",\"data\":2,\"id\":\"k\"}";
    String direct = event("cases", URL);
    HttpResponse<String> answer =
        rig.send(
            rig.request("/events/batch"),
            "[" + String.join(",", plain, keyed, direct, keyed, direct, event("cases", "x")) + "]");
    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(
            new JsonObject(answer.body())
                .getJsonArray("results").stream()
                    .map(JsonObject.class::cast)
                    .map(
                        one ->
                            one.containsKey("error") ? "error" : "" + one.getBoolean("duplicate")))
        .containsExactly("false", "false", "false", "true", "true", "error");
    assertThat(
            rig.db.column(
                "SELECT convert_from(data, 'UTF8') || coalesce(direct_url, '') FROM event ORDER BY id"))
        .containsExactly("1", "2", "{\"caseId\":\"c1\"}" + URL);
  }
}
