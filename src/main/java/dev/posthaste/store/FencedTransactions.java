package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The transactions that may be appending in the name of a node, as PostgreSQL sees them: whoever
 * appends holds the {@link Fence}, until the very end of the commit.
 */
final class FencedTransactions {
  private static final String UNDER_WAY =
      """
      SELECT pid, xact_start FROM pg_stat_activity
      WHERE xact_start IS NOT NULL AND pid IN (
        SELECT pid FROM pg_locks
        WHERE locktype = 'advisory' AND classid = $1::bigint::oid AND objid = $2::bigint::oid
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND mode = 'ShareLock')
      """;

  private static final String END =
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE (pid, xact_start) IN (SELECT * FROM unnest($1::integer[], $2::timestamptz[]))
      """;

  private final Database database;
  private final Fence fence;

  FencedTransactions(Database database, Fence fence) {
    this.database = database;
    this.fence = fence;
  }

  Future<Set<Running>> underWay() {
    return database
        .pool()
        .preparedQuery(UNDER_WAY)
        .execute(Tuple.of((long) Fence.LOCK_CLASS, Integer.toUnsignedLong(fence.node())))
        .map(rows -> rows.stream().map(Running::of).collect(Collectors.toUnmodifiableSet()));
  }

  /** Ends their sessions, which takes a moment. */
  Future<Void> end(Set<Running> some) {
    List<Running> list = List.copyOf(some);
    return database
        .pool()
        .preparedQuery(END)
        .execute(
            Tuple.tuple()
                .addValue(Columns.ints(list, Running::process))
                .addValue(Columns.of(list, OffsetDateTime[]::new, Running::begunAt)))
        .mapEmpty();
  }

  /** One transaction of a session. */
  record Running(int process, OffsetDateTime begunAt) {
    private static Running of(Row row) {
      return new Running(row.getInteger("pid"), row.getOffsetDateTime("xact_start"));
    }
  }
}
