package dev.posthaste.loadtest.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;

/** The embedded PostgreSQL of a server, looked at from the side. */
final class PostgresProbe implements AutoCloseable {
  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;

  private final Connection connection;
  private final long pid;

  private PostgresProbe(Connection connection, long pid) {
    this.connection = connection;
    this.pid = pid;
  }

  /** Finds it by the files in the server's data folder. */
  static PostgresProbe of(Path dataFolder) throws IOException, SQLException {
    List<String> postmaster = Files.readAllLines(find(dataFolder, "postmaster.pid"));
    String password = Files.readString(find(dataFolder, "postgres.password")).strip();
    String url = "jdbc:postgresql://127.0.0.1:" + postmaster.get(PORT_LINE).strip() + "/posthaste";
    return new PostgresProbe(
        DriverManager.getConnection(url, "postgres", password),
        Long.parseLong(postmaster.get(PID_LINE).strip()));
  }

  private static Path find(Path folder, String name) throws IOException {
    try (Stream<Path> files = Files.walk(folder, 3)) {
      return files
          .filter(path -> path.getFileName().toString().equals(name))
          .findFirst()
          .orElseThrow(() -> new IOException("no " + name + " below " + folder));
    }
  }

  /** Bytes written to the log since ever. */
  long walBytes() throws SQLException {
    return number("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint");
  }

  long commits() throws SQLException {
    return number("SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()");
  }

  long cpuMicros() throws IOException {
    return ProcFs.familyCpuMicros(pid);
  }

  private long number(String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
