package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.server.Postgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The PostgreSQL of a run, looked at from the side. */
final class PostgresProbe implements AutoCloseable {
  private static final String USER = "postgres";
  private static final int PID_LINE = 0;
  private static final int PORT_LINE = 3;

  /** Event ids are milliseconds since 2024, then the node, then a sequence. */
  static final long EPOCH_MILLIS = 1_704_067_200_000L;

  static final int TIME_SHIFT = 22;

  private static final String ENDPOINTS = "SELECT id FROM endpoint WHERE url = ANY (?)";

  private static final String UNACCOUNTED =
      """
      SELECT count(*)
        FROM event e CROSS JOIN LATERAL unnest(e.targets) t(id)
       WHERE e.id >= ? AND t.id = ANY (?)
         AND NOT EXISTS (SELECT 1 FROM attempt a
                          WHERE a.event_id = e.id AND a.endpoint_id = t.id AND a.outcome <> 2)
         AND NOT EXISTS (SELECT 1 FROM deferred d WHERE d.event_id = e.id AND d.endpoint_id = t.id)
      """;

  private static final String PENDING =
      "SELECT count(*) FROM deferred WHERE event_id >= ? AND endpoint_id = ANY (?)";

  private final Connection connection;
  private final long pid;
  private final String url;

  private PostgresProbe(Connection connection, long pid, String url) {
    this.connection = connection;
    this.pid = pid;
    this.url = url;
  }

  /** Finds it by the files in the server's data folder. */
  static PostgresProbe of(Path dataFolder) throws IOException, SQLException {
    List<String> postmaster = Files.readAllLines(find(dataFolder, "postmaster.pid"));
    String password = Files.readString(find(dataFolder, "postgres.password")).strip();
    String place = "127.0.0.1:" + postmaster.get(PORT_LINE).strip() + "/posthaste";
    return new PostgresProbe(
        DriverManager.getConnection("jdbc:postgresql://" + place, USER, password),
        Long.parseLong(postmaster.get(PID_LINE).strip()),
        "postgresql://%s:%s@%s?sslmode=disable".formatted(USER, password, place));
  }

  /** Of one that belongs to no server. */
  static PostgresProbe of(Postgres postgres) throws IOException, SQLException {
    return new PostgresProbe(postgres.connect(), postgres.pid(), Postgres.url(postgres.port()));
  }

  /** What another node is given to share it. */
  String url() {
    return url;
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

  /** The numbers of the endpoints of these URLs, those that are deleted included. */
  List<Long> endpoints(List<String> urls) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ENDPOINTS)) {
      statement.setArray(1, connection.createArrayOf("text", urls.toArray()));
      return numbers(statement);
    }
  }

  /** Deliveries to these endpoints, of events from that one on, that are neither over nor kept. */
  long unaccounted(long firstEvent, List<Long> endpoints) throws SQLException {
    return count(UNACCOUNTED, firstEvent, endpoints);
  }

  /** Deliveries to these endpoints, of events from that one on, that are kept for later. */
  long pending(long firstEvent, List<Long> endpoints) throws SQLException {
    return count(PENDING, firstEvent, endpoints);
  }

  /** The lowest number that an event from now on can have. */
  static long nextEvent() {
    return (System.currentTimeMillis() - EPOCH_MILLIS) << TIME_SHIFT;
  }

  /** Forgets what is kept, and tells how much it was; for endpoints that no longer exist. */
  int forgetPending() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate("DELETE FROM deferred");
    }
  }

  Connection connection() {
    return connection;
  }

  private long count(String sql, long firstEvent, List<Long> endpoints) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setLong(1, firstEvent);
      statement.setArray(2, connection.createArrayOf("bigint", endpoints.toArray()));
      return numbers(statement).getFirst();
    }
  }

  private static List<Long> numbers(PreparedStatement statement) throws SQLException {
    List<Long> numbers = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        numbers.add(rows.getLong(1));
      }
    }
    return numbers;
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
