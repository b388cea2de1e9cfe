package dev.posthaste.loadtest.bench;

import dev.posthaste.loadtest.wire.EventMark;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;

/**
 * What an endpoint missed while it was down: events with one failed attempt each, all due at one
 * moment. Written into the tables, where a long outage would leave them; to live through one would
 * take the hours that it stands for.
 */
final class Backlog {
  private static final int CHUNK = 50_000;

  /** A node that no server of a run has. */
  private static final int NODE = 1_000;

  private static final int DATA_BYTES = 500;

  private static final String EVENTS =
      """
      INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets)
      SELECT (?::bigint + i / 4096 << 22) + (%d << 12) + i %% 4096,
             (SELECT tenant_id FROM endpoint WHERE id = ?), ?, ?::bigint + i / 4096,
             convert_to(? || lpad(i::text, %d, '0') || ?, 'UTF8'), ARRAY[?::bigint]
        FROM generate_series(?::bigint, ?::bigint) i
      """
          .formatted(NODE, EventMark.NUMBER_WIDTH);

  private static final String DEFERRED =
      """
      INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger)
      SELECT (?::bigint + i / 4096 << 22) + (%d << 12) + i %% 4096, ?, 1, ?, 2
        FROM generate_series(?::bigint, ?::bigint) i
      """
          .formatted(NODE);

  private final Connection connection;
  private final long endpoint;
  private final String type;
  private final int run;
  private final long sinceEpoch = System.currentTimeMillis() - PostgresProbe.EPOCH_MILLIS;

  /**
   * Nothing is written yet.
   *
   * @param run that the events are marked with; they are numbered from 0
   */
  Backlog(Connection connection, long endpoint, String type, int run) {
    this.connection = connection;
    this.endpoint = endpoint;
    this.type = type;
    this.run = run;
  }

  /** Writes all rows, due at that moment. */
  void write(int rows, Instant due) throws SQLException {
    connection.setAutoCommit(false);
    try {
      for (int from = 0; from < rows; from += CHUNK) {
        int to = Math.min(rows, from + CHUNK) - 1;
        events(from, to);
        deferred(from, to, due);
        connection.commit();
      }
    } finally {
      connection.setAutoCommit(true);
    }
  }

  private void events(int from, int to) throws SQLException {
    String blank = EventMark.blank(run);
    int number = new String(EventMark.lead(run), StandardCharsets.US_ASCII).length();
    String end = blank.substring(number + EventMark.NUMBER_WIDTH) + ",\"note\":\"";
    String note = "x".repeat(DATA_BYTES - blank.length() - ",\"note\":\"".length() - 4);
    try (PreparedStatement statement = connection.prepareStatement(EVENTS)) {
      statement.setLong(1, sinceEpoch);
      statement.setLong(2, endpoint);
      statement.setString(3, type);
      statement.setLong(4, sinceEpoch + PostgresProbe.EPOCH_MILLIS);
      statement.setString(5, "{" + blank.substring(0, number));
      statement.setString(6, end + note + "\"}");
      statement.setLong(7, endpoint);
      statement.setLong(8, from);
      statement.setLong(9, to);
      statement.executeUpdate();
    }
  }

  private void deferred(int from, int to, Instant due) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(DEFERRED)) {
      statement.setLong(1, sinceEpoch);
      statement.setLong(2, endpoint);
      statement.setTimestamp(3, Timestamp.from(due));
      statement.setLong(4, from);
      statement.setLong(5, to);
      statement.executeUpdate();
    }
  }
}
