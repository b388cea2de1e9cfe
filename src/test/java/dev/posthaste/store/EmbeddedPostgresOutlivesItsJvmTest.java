package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Sql;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** kill -9 of the JVM, of PostgreSQL, of both: the next start finds everything. */
@Tag("slow")
@Timeout(120)
class EmbeddedPostgresOutlivesItsJvmTest {
  @TempDir Path temp;
  private Process jvm;

  @AfterEach
  void killTheJvm() throws InterruptedException {
    if (jvm != null) {
      jvm.destroyForcibly().waitFor();
    }
  }

  @Test
  void theNextStartStopsTheServerLeftBehind() throws Exception {
    startInAnotherJvm();
    killTheJvm();
    ProcessHandle leftover = postmaster();
    assertThat(leftover.isAlive()).isTrue();
    assertThatStartFindsTheRow();
    assertThat(leftover.onExit()).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void aKilledServerRecovers() throws Exception {
    startInAnotherJvm();
    killTheJvm();
    postmaster().destroyForcibly();
    assertThatStartFindsTheRow();
  }

  @Test
  void aSecondProcessIsToldWhoUsesTheFolder() throws Exception {
    startInAnotherJvm();
    assertThatThrownBy(() -> DataFolder.open(temp))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("in use by process " + jvm.pid());
    killTheJvm();
    assertThatStartFindsTheRow();
  }

  private void assertThatStartFindsTheRow() throws SQLException {
    try (DataFolder folder = DataFolder.open(temp)) {
      EmbeddedPostgres postgres = new EmbeddedPostgres(folder, EmbeddedPostgresTest.BINARIES);
      try {
        DatabaseUrl url = postgres.start();
        assertThat(Sql.column(url, "SELECT n FROM kept")).containsExactly("42");
      } finally {
        postgres.stop();
      }
    }
  }

  private ProcessHandle postmaster() throws IOException {
    String pid = Files.readAllLines(temp.resolve("postgres/postmaster.pid")).getFirst();
    return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
  }

  private void startInAnotherJvm() throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    jvm =
        new ProcessBuilder(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                OtherJvm.class.getName(),
                temp.toString())
            .redirectErrorStream(true)
            .start();
    BufferedReader output = jvm.inputReader();
    StringBuilder seen = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      seen.append(line).append('\n');
      if (line.equals(OtherJvm.READY)) {
        return;
      }
    }
    throw new IllegalStateException("the other JVM did not start:\n" + seen);
  }

  /** The process that gets killed. */
  static final class OtherJvm {
    static final String READY = "row committed";

    private OtherJvm() {}

    public static void main(String[] args) throws Exception {
      DataFolder folder = DataFolder.open(Path.of(args[0]));
      DatabaseUrl url = new EmbeddedPostgres(folder, EmbeddedPostgresTest.BINARIES).start();
      Sql.execute(url, "CREATE TABLE kept AS SELECT 42 AS n");
      System.out.println(READY);
      Thread.currentThread().join();
    }
  }
}
