package dev.posthaste.loadtest.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Attempts of the days before, written into partitions of their own as a long life leaves them. */
final class History {
  private static final int DAYS = 5;

  /** The server makes partitions from yesterday on. */
  private static final int NEWEST_DAYS_AGO = 2;

  private static final long DAY_MILLIS = 86_400_000;
  private static final int CHUNK = 1_000_000;

  private static final String ROWS =
      """
      INSERT INTO attempt (event_id, endpoint_id, attempt_no, outcome, trigger, http_status,
                      latency_us, address, at_ms)
      SELECT ?::bigint + i * ?::bigint, 1 + i % 1000, 1, 1, 1, 200, 1500, '127.0.0.1',
             ?::bigint + i * ?::bigint / 4194304
        FROM generate_series(?::bigint, ?::bigint) i
      """;

  private final Connection connection;

  History(Connection connection) {
    this.connection = connection;
  }

  /** Writes about so many rows, and leaves the database with nothing to catch up on. */
  void write(long rows) throws SQLException {
    LocalDate today = LocalDate.now(ZoneOffset.UTC);
    for (int day = DAYS; day > 0; day--) {
      LocalDate date = today.minusDays(NEWEST_DAYS_AGO + day - 1L);
      write(date, rows / DAYS);
    }
    run("CHECKPOINT");
  }

  private void write(LocalDate date, long rows) throws SQLException {
    String table = "attempt_" + date.format(DateTimeFormatter.BASIC_ISO_DATE);
    long millis = date.toEpochDay() * DAY_MILLIS;
    long low = (millis - PostgresProbe.EPOCH_MILLIS) << PostgresProbe.TIME_SHIFT;
    long high = low + (DAY_MILLIS << PostgresProbe.TIME_SHIFT);
    run("CREATE TABLE %s (LIKE attempt INCLUDING ALL)".formatted(table));
    run(
        "ALTER TABLE attempt ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)"
            .formatted(table, low, high));
    try (PreparedStatement statement = connection.prepareStatement(ROWS)) {
      long step = (high - low) / Math.max(1, rows);
      for (long from = 0; from < rows; from += CHUNK) {
        statement.setLong(1, low);
        statement.setLong(2, step);
        statement.setLong(3, millis);
        statement.setLong(4, step);
        statement.setLong(5, from);
        statement.setLong(6, Math.min(rows, from + CHUNK) - 1);
        statement.executeUpdate();
      }
    }
    run("VACUUM (FREEZE, ANALYZE) " + table);
  }

  private void run(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
