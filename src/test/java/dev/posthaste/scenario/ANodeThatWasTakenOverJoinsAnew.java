package dev.posthaste.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.ServerProcess;
import dev.posthaste.support.Sql;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Rule 4 of the architecture, on the packaged program. */
@Tag("slow")
@ExtendWith(PostgresExtension.class)
class ANodeThatWasTakenOverJoinsAnew {
  private static final String BURY = "UPDATE node SET epoch = epoch + 1, live = false";
  private static final String LIVE = "SELECT epoch FROM node WHERE live";

  @TempDir Path folder;

  @Test
  void it_takes_events_again_each_time(DatabaseUrl database) throws Exception {
    try (ServerProcess server = server(database).start();
        HttpClient client = HttpClient.newHttpClient()) {
      for (int time = 1; time <= 2; time++) {
        Sql.execute(database, BURY);
        String epoch = Integer.toString(2 * time + 1);
        await()
            .atMost(Duration.ofSeconds(30))
            .untilAsserted(() -> assertThat(Sql.column(database, LIVE)).isEqualTo(List.of(epoch)));
        await()
            .atMost(Duration.ofSeconds(30))
            .ignoreExceptions()
            .until(() -> post(client, server) == 202);
      }
    }
  }

  private ServerProcess server(DatabaseUrl url) throws Exception {
    String text =
        "postgresql://%s:%s@%s:%d/%s?sslmode=disable"
            .formatted(url.user(), url.password().reveal(), url.host(), url.port(), url.database());
    return new ServerProcess(folder)
        .with("POSTHASTE_DATABASE_URL", text)
        .with("POSTHASTE_ENCRYPTION_KEYS", "k:" + "A".repeat(43) + "=")
        .with("POSTHASTE_CLUSTER_HEARTBEAT", "100ms");
  }

  private static int post(HttpClient client, ServerProcess server) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(server.uri("/webhooks/v1/events"))
            .header("authorization", "Bearer " + ServerProcess.KEY)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"type\":\"load.tick\",\"data\":1}"))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
  }
}
