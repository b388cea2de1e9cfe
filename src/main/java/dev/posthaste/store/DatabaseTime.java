package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;

/** What time it is for PostgreSQL, which is one for all nodes. */
final class DatabaseTime {
  private static final String NOW = "SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint";

  private DatabaseTime() {}

  /** In milliseconds since 1970. */
  static Future<Long> millis(SqlClient client) {
    return client.query(NOW).execute().map(rows -> rows.iterator().next().getLong(0));
  }
}
