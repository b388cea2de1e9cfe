package dev.posthaste.loadtest.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Gives a new database the write-ahead log files that an older one has. PostgreSQL renames files
 * that it no longer needs, and only makes new ones, 16 MiB of zeros each, where there are none:
 * until its first checkpoint a database pays for each byte of its log twice.
 */
final class WalFiles {
  /** 1 GiB, the {@code min_wal_size} of the embedded PostgreSQL: a checkpoint keeps so many. */
  private static final int FILES = 64;

  private WalFiles() {}

  /** Takes some seconds. */
  static void make(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      for (int file = 0; file < FILES; file++) {
        // A file to which nothing was written is not left.
        statement.execute("SELECT pg_logical_emit_message(false, 'bench', '')");
        statement.execute("SELECT pg_switch_wal()");
      }
      statement.execute("CHECKPOINT");
    }
  }
}
