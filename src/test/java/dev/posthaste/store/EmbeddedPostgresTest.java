package dev.posthaste.store;

import static java.nio.file.StandardCopyOption.COPY_ATTRIBUTES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.Secret;
import dev.posthaste.support.Sql;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Starting, stopping, and what a stop leaves. */
class EmbeddedPostgresTest {
  static final Path BINARIES = Path.of("target/postgres-binaries").toAbsolutePath();

  /** Made once: each test gets a copy, which is faster than a new one. */
  @TempDir static Path made;

  @TempDir Path temp;
  private DataFolder folder;
  private EmbeddedPostgres postgres;

  @BeforeAll
  static void make() {
    try (DataFolder folder = DataFolder.open(made)) {
      EmbeddedPostgres postgres = new EmbeddedPostgres(folder, BINARIES);
      postgres.start();
      postgres.stop();
    }
  }

  @BeforeEach
  void copy() throws IOException {
    try (Stream<Path> files = Files.walk(made)) {
      for (Path file : files.filter(path -> !path.equals(made)).toList()) {
        Files.copy(file, temp.resolve(made.relativize(file)), COPY_ATTRIBUTES);
      }
    }
  }

  private DatabaseUrl start() {
    folder = DataFolder.open(temp);
    postgres = new EmbeddedPostgres(folder, BINARIES);
    return postgres.start();
  }

  @AfterEach
  void stop() {
    if (postgres != null) {
      postgres.stop();
    }
    if (folder != null) {
      folder.close();
    }
  }

  @Test
  void isDurableAndClosedToStrangers() throws SQLException {
    DatabaseUrl url = start();
    assertThat(show(url, "fsync")).isEqualTo("on");
    assertThat(show(url, "synchronous_commit")).isEqualTo("on");
    assertThat(show(url, "full_page_writes")).isEqualTo("on");
    assertThat(show(url, "listen_addresses")).isEqualTo("127.0.0.1");
    assertThat(show(url, "unix_socket_directories")).isEmpty();
    assertThat(url.database()).isEqualTo("posthaste");
    for (String password : new String[] {"", "postgres"}) {
      Secret wrong = new Secret(password);
      DatabaseUrl stranger = DatabaseUrl.local(url.port(), url.user(), wrong, "posthaste");
      assertThatThrownBy(() -> Sql.execute(stranger, "SELECT 1")).hasMessageContaining("password");
    }
  }

  @Test
  void keepsItsDataBetweenStarts() throws SQLException {
    Sql.execute(start(), "CREATE TABLE kept AS SELECT 42 AS n");
    stop();
    assertThat(Sql.column(start(), "SELECT n FROM kept")).containsExactly("42");
  }

  @Test
  void startsOverAStalePidFile() throws IOException {
    start();
    stop();
    Path pidFile = temp.resolve("postgres/postmaster.pid");
    // Cut off; of a process that is gone; of one that has the number now but is no PostgreSQL.
    for (String pid : new String[] {"", "4194303", "1"}) {
      Files.writeString(pidFile, pid.isEmpty() ? "" : pid + "\n" + temp + "/postgres\n0\n1\n\n\n");
      start();
      assertThat(Files.readString(pidFile)).contains("ready");
      stop();
    }
  }

  @Test
  void refusesToServeWhenDurabilityWasSwitchedOff() throws SQLException {
    Sql.execute(start(), "ALTER DATABASE posthaste SET synchronous_commit = off");
    stop();
    assertThatThrownBy(this::start)
        .isInstanceOf(StartException.class)
        .hasMessageContaining("synchronous_commit=off");
    assertThat(temp.resolve("postgres/postmaster.pid")).doesNotExist();
  }

  @Test
  void aLostOrWrongPasswordIsExplained() throws IOException {
    Path file = temp.resolve("postgres.password");
    Files.delete(file);
    assertThatThrownBy(this::start).hasMessageContaining(file + " is missing");
    assertThat(file).doesNotExist();
    stop();
    Files.writeString(file, "another");
    assertThatThrownBy(this::start).hasMessageContaining("refuses the password");
  }

  @Test
  void stopsTwiceOrUnstarted() {
    folder = DataFolder.open(temp);
    postgres = new EmbeddedPostgres(folder, BINARIES);
    postgres.stop();
    assertThat(postgres.start()).isEqualTo(postgres.start());
    postgres.stop();
    postgres.stop();
  }

  private static String show(DatabaseUrl url, String name) throws SQLException {
    return Sql.column(url, "SHOW " + name).getFirst();
  }
}
