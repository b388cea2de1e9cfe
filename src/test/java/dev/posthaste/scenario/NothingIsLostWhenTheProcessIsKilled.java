package dev.posthaste.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.support.Api;
import dev.posthaste.support.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Rules 1 to 3 and 11 of the architecture, on the packaged program. */
@Tag("slow")
class NothingIsLostWhenTheProcessIsKilled {
  private static final Logger LOG =
      LoggerFactory.getLogger(NothingIsLostWhenTheProcessIsKilled.class);
  private static final int KILLS = 20;
  private static final List<String> PATHS = List.of("/all", "/prefix", "/shaky");

  @TempDir Path folder;

  @Test
  void every_202_arrives_at_every_matching_endpoint_over_twenty_kills() throws Exception {
    try (ServerProcess server = new ServerProcess(folder).start();
        Arrivals arrivals = subscribed(server);
        Publisher publisher = new Publisher(server.uri("/webhooks/v1/events"), 16)) {
      Random random = new Random();
      for (int kill = 0; kill < KILLS; kill++) {
        int enough = publisher.acknowledged().size() + random.nextInt(50, 600);
        await()
            .atMost(Duration.ofMinutes(1))
            .pollInterval(Duration.ofMillis(1))
            .until(() -> publisher.acknowledged().size() >= enough);
        server.kill();
        server.start();
      }
      publisher.stop();
      assertEverythingArrives(publisher.acknowledged(), arrivals);
    }
  }

  @Test
  void a_clean_stop_under_load_leaves_nothing_behind() throws Exception {
    try (ServerProcess server = new ServerProcess(folder).start();
        Arrivals arrivals = subscribed(server);
        Publisher publisher = new Publisher(server.uri("/webhooks/v1/events"), 16)) {
      for (int stop = 0; stop < 3; stop++) {
        int enough = publisher.acknowledged().size() + 1_000;
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> publisher.acknowledged().size() >= enough);
        server.terminate();
        server.start();
      }
      publisher.stop();
      assertEverythingArrives(publisher.acknowledged(), arrivals);
      assertThat(server.log()).doesNotContain("Took over a node");
    }
  }

  private static Arrivals subscribed(ServerProcess server) throws Exception {
    Arrivals arrivals = new Arrivals();
    Api api = new Api(server.uri("/"), ServerProcess.KEY);
    List<String> filters = List.of("*", "load.*", "load.tick");
    for (int i = 0; i < PATHS.size(); i++) {
      String secret =
          api.createEndpoint(arrivals.url(PATHS.get(i)), filters.get(i)).getString("signingSecret");
      arrivals.expect(PATHS.get(i), secret);
    }
    return arrivals;
  }

  private static void assertEverythingArrives(Set<String> acknowledged, Arrivals arrivals) {
    for (String path : PATHS) {
      await()
          .atMost(Duration.ofMinutes(3))
          .untilAsserted(
              () -> assertThat(arrivals.missing(path, Set.copyOf(acknowledged))).isEmpty());
    }
    assertThat(acknowledged).hasSizeGreaterThan(KILLS * 50);
    assertThat(arrivals.badSignatures()).isZero();
    LOG.info(
        "{} events accepted, {} deliveries came again", acknowledged.size(), arrivals.duplicates());
  }
}
