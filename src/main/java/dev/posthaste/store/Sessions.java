package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * PostgreSQL's side of a {@link HeldConnection} and of those before it. A session outlives its
 * connection for as long as its statement runs, and a commit that waits for a standby ignores both
 * the statement timeout and a client that has gone. Belongs to one event loop.
 */
final class Sessions {
  private static final String SELF_AND_KNOWN =
      """
      SELECT pid, backend_start FROM pg_stat_activity
      WHERE pid = pg_backend_pid()
        OR (pid, backend_start) IN (SELECT * FROM unnest($1::integer[], $2::timestamptz[]))
      """;

  private static final String END_OTHERS =
      """
      SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE pid <> pg_backend_pid()
        AND (pid, backend_start) IN (SELECT * FROM unnest($1::integer[], $2::timestamptz[]))
      """;

  private final Set<Session> known = new HashSet<>();

  /** To be run on a new connection before it changes anything. */
  Future<Void> enter(PgConnection open) {
    List<Session> before = List.copyOf(known);
    return open.preparedQuery(SELF_AND_KNOWN)
        .execute(values(before))
        .map(
            rows -> {
              before.forEach(known::remove);
              rows.forEach(row -> known.add(Session.of(row)));
              return null;
            });
  }

  /**
   * Ends all but the one of the connection that is given, whose own earlier statements are over
   * when this is answered.
   *
   * @return whether there were none; their end takes a moment
   */
  Future<Boolean> endOthers(HeldConnection current) {
    return current.run(END_OTHERS, values(List.copyOf(known))).map(Sessions::isEmpty);
  }

  private static boolean isEmpty(RowSet<Row> rows) {
    return rows.size() == 0;
  }

  private static Tuple values(List<Session> sessions) {
    return Tuple.tuple()
        .addValue(Columns.ints(sessions, Session::process))
        .addValue(Columns.of(sessions, OffsetDateTime[]::new, Session::begunAt));
  }

  /** The number of a process may be used again. */
  private record Session(int process, OffsetDateTime begunAt) {
    static Session of(Row row) {
      return new Session(row.getInteger("pid"), row.getOffsetDateTime("backend_start"));
    }
  }
}
