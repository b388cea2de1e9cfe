package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.SettingsReader;
import dev.posthaste.store.StartException;
import dev.posthaste.support.HeldPort;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Sql;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(PostgresExtension.class)
class AStopBeforeTheTablesAreReadyTest {
  private static final String WAITING =
      "SELECT 1 FROM pg_locks WHERE NOT granted AND relation IS NOT NULL";

  @TempDir Path folder;

  private final HeldPort held = new HeldPort();

  @AfterEach
  void release() {
    held.close();
  }

  @Test
  void aStartThatWaitsForSomebodysTransactionEndsWithTheStop(@PerTest DatabaseUrl url)
      throws Exception {
    migrateTo(url, "8");
    Server server = server(url);
    try (Connection reader = Sql.connect(url);
        Statement statement = reader.createStatement()) {
      reader.setAutoCommit(false);
      statement.execute("SELECT count(*) FROM deferred");
      FutureTask<Void> start = new FutureTask<>(server::start, null);
      Thread.ofPlatform().start(start);
      await().until(() -> Sql.column(url, WAITING), waiting -> !waiting.isEmpty());
      server.stop();
      assertThatThrownBy(start::get)
          .hasCauseInstanceOf(StartException.class)
          .hasMessageContaining("stopped");
    }
  }

  @Test
  void aStartThatIsStoppedBeforeItGetsThereLeavesTheTablesAlone(@PerTest DatabaseUrl url)
      throws Exception {
    Server server = server(url);
    server.stop();
    assertThatThrownBy(server::start)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("stopped");
    List<String> tables = Sql.column(url, "SELECT to_regclass('event')::text");
    assertThat(tables).containsOnlyNulls();
  }

  private static void migrateTo(DatabaseUrl url, String version) {
    Flyway.configure()
        .dataSource(
            "jdbc:postgresql://%s:%d/%s".formatted(url.host(), url.port(), url.database()),
            url.user(),
            url.password().reveal())
        .locations("classpath:db/migration")
        .target(version)
        .load()
        .migrate();
  }

  private Server server(DatabaseUrl url) {
    return new Server(
        SettingsReader.read(
            Optional.empty(),
            Map.of(
                "POSTHASTE_DATABASE_URL",
                RunningServer.text(url),
                "POSTHASTE_DATA_DIR",
                folder.toString(),
                "POSTHASTE_HTTP_HOST",
                "127.0.0.1",
                "POSTHASTE_HTTP_PORT",
                Integer.toString(held.number()))));
  }
}
