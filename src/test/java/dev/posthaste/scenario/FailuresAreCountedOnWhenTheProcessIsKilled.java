package dev.posthaste.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.support.Api;
import dev.posthaste.support.RecordingReceiver;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.ServerProcess;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Under the contract of Case.dev 400 fails a delivery at once, and 50 of them in a row disable. */
@Tag("slow")
class FailuresAreCountedOnWhenTheProcessIsKilled {
  private static final String TYPE = "order.paid";
  private static final int LIMIT = 50;
  private static final int BEFORE = 30;

  @TempDir Path folder;

  @Test
  void an_endpoint_is_disabled_by_its_fiftieth_failure_in_all() throws Exception {
    try (RecordingReceiver receiver = new RecordingReceiver();
        ServerProcess server =
            new ServerProcess(folder).with("POSTHASTE_CLUSTER_HEARTBEAT", "200ms").start()) {
      receiver.answer("/dead", Answer.of(400));
      Api api = new Api(server.uri("/"), ServerProcess.KEY);
      String dead = deadOne(api, receiver.url("/dead"));
      fail(api, dead, BEFORE, BEFORE);
      server.kill();
      server.start();
      fail(api, dead, LIMIT - 1 - BEFORE, LIMIT - 1);
      assertThat(SeedNode.endpoint(api, dead).getString("status")).isEqualTo("active");
      SeedNode.publish(api, TYPE, new JsonObject());
      SeedNode.awaitStatus(api, dead, "auto_disabled");
      assertThat(SeedNode.endpoint(api, dead).getInteger("consecutiveFailures")).isEqualTo(LIMIT);
      assertThat(receiver.received("/dead")).hasSize(LIMIT);
    }
  }

  private static String deadOne(Api api, String url) throws Exception {
    return api.call(
            "POST",
            SeedNode.ENDPOINTS,
            new JsonObject()
                .put("url", url)
                .put("eventTypeFilters", JsonArray.of(TYPE))
                .put("contract", "casedev"))
        .getJsonObject("endpoint")
        .getString("id");
  }

  /** Until they are counted, and recorded: then a crash makes none of them again. */
  private static void fail(Api api, String endpoint, int times, int inAll) throws Exception {
    SeedNode.publishMany(api, TYPE, new JsonObject(), times);
    SeedNode.awaitFailures(api, endpoint, inAll);
    String failed = "?status=failed&limit=100&endpoint_id=" + endpoint;
    await()
        .atMost(SeedNode.PATIENCE)
        .untilAsserted(
            () ->
                assertThat(api.get(SeedNode.DELIVERIES + failed).getJsonArray("deliveries"))
                    .hasSize(inAll));
  }
}
