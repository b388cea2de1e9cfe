package dev.posthaste.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.IngestSettings;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class TenantLimitTest {
  private static final String EVENT = "{\"type\":\"order.paid\",\"data\":{}}";

  @Test
  void aTenantThatPostsTooMuchWaitsAndOthersDoNot(@PerTest DatabaseUrl url) {
    IngestSettings one =
        new IngestSettings(
            1_000, 60_000, 100, 1_000, 10_000, 200, 1, Duration.ZERO, Duration.ofHours(1), 1);
    try (IngestRig rig = new IngestRig(url, url, one)) {
      String batch = "[" + String.join(",", Collections.nCopies(60, EVENT)) + "]";
      assertThat(rig.send(rig.request("/events/batch"), batch).statusCode()).isEqualTo(202);
      HttpResponse<String> refused = rig.post(EVENT);
      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.body()).contains("1 events a second");
      int wait = Integer.parseInt(refused.headers().firstValue("retry-after").orElseThrow());
      assertThat(wait).isBetween(30, 60);
      assertThat(rig.db.column("SELECT count(*) FROM event")).containsExactly("60");
      assertThat(
              rig.send(rig.request("/events").setHeader("posthaste-tenant", "acme"), EVENT)
                  .statusCode())
          .isEqualTo(202);
    }
  }

  @Test
  void theIdempotencyKeyOfARequestIsTheIdOfItsEvent(@PerTest DatabaseUrl url) {
    try (IngestRig rig = new IngestRig(url, url, IngestRig.SETTINGS)) {
      assertThat(post(rig, "\"one\"", EVENT).statusCode()).isEqualTo(202);
      HttpResponse<String> again = post(rig, "one", EVENT);
      assertThat(again.statusCode()).isEqualTo(200);
      assertThat(again.body()).contains("\"duplicate\":true");
      String own = EVENT.replace("{}", "{},\"id\":\"mine\"");
      assertThat(post(rig, "one", own).statusCode()).isEqualTo(202);
      assertThat(post(rig, "\"", EVENT).statusCode()).isEqualTo(400);
      assertThat(rig.db.column("SELECT key FROM event ORDER BY id")).containsExactly("one", "mine");
    }
  }

  @Test
  void aBatchThatIsSentAgainUnderItsIdempotencyKeyIsTheSameEvents(@PerTest DatabaseUrl url) {
    try (IngestRig rig = new IngestRig(url, url, IngestRig.SETTINGS)) {
      String own = EVENT.replace("{}", "{},\"id\":\"mine\"");
      String batch = "[" + String.join(",", EVENT, own, "7", EVENT) + "]";
      assertThat(postBatch(rig, batch)).doesNotContain("\"duplicate\":true");
      assertThat(postBatch(rig, batch)).doesNotContain("\"duplicate\":false");
      assertThat(rig.db.column("SELECT regexp_replace(key, '-[0-9a-f]{12}-', '-') FROM event"))
          .containsExactlyInAnyOrder("many-0", "mine", "many-3");
      String other = "[" + String.join(",", EVENT, EVENT) + "]";
      assertThat(postBatch(rig, other)).doesNotContain("\"duplicate\":true");
    }
  }

  private static String postBatch(IngestRig rig, String batch) {
    HttpResponse<String> answer =
        rig.send(rig.request("/events/batch").setHeader("idempotency-key", "many"), batch);
    assertThat(answer.statusCode()).isEqualTo(202);
    return answer.body();
  }

  private static HttpResponse<String> post(IngestRig rig, String key, String event) {
    return rig.send(rig.request("/events").setHeader("idempotency-key", key), event);
  }
}
