package dev.posthaste.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.support.Api;
import dev.posthaste.support.ServerProcess;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The feed is read while events come and the server is killed, on the packaged program. */
@Tag("slow")
class TheFeedHasEveryAcceptedEvent {
  private static final int KILLS = 2;

  @TempDir Path folder;

  private final List<String> seen = new ArrayList<>();
  private String after = "start";

  @Test
  void once_and_in_order_also_when_the_server_is_killed() throws Exception {
    try (ServerProcess server = new ServerProcess(folder).start();
        Publisher publisher = new Publisher(server.uri("/webhooks/v1/events"), 8)) {
      Api api = new Api(server.uri("/"), ServerProcess.KEY);
      for (int kill = 0; kill < KILLS; kill++) {
        int enough = publisher.acknowledged().size() + 500;
        await()
            .atMost(Duration.ofMinutes(1))
            .until(
                () -> {
                  read(api);
                  return publisher.acknowledged().size() >= enough;
                });
        server.kill();
        server.start();
      }
      publisher.stop();
      Set<String> acknowledged = Set.copyOf(publisher.acknowledged());
      await()
          .atMost(Duration.ofMinutes(1))
          .untilAsserted(
              () -> {
                read(api);
                assertThat(seen).containsAll(acknowledged);
              });
      assertThat(seen).doesNotHaveDuplicates().isSorted();
    }
  }

  private void read(Api api) throws Exception {
    JsonObject page;
    do {
      page = api.get("/webhooks/v1/events?limit=250&after=" + after);
      page.getJsonArray("events").forEach(event -> seen.add(((JsonObject) event).getString("id")));
      after = page.getString("nextCursor");
    } while (page.getBoolean("hasMore"));
  }
}
