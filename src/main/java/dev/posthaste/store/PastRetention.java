package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Drops what is past its retention, a partition at a time or a few thousand rows at a time. */
final class PastRetention {
  private static final Logger LOG = LoggerFactory.getLogger(PastRetention.class);

  private static final String DETACHED =
      """
      SELECT c.relname AS name FROM pg_class c
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
        AND c.relname ~ ('^' || $1 || '_\\d{8}$')
        AND NOT EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhrelid = c.oid)
      """;

  private static final String FORGOTTEN_DEFERRED =
      """
      DELETE FROM deferred WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM deferred WHERE event_id < $1 LIMIT 5000 FOR UPDATE SKIP LOCKED))
      """;

  /** Waits for no append that is using an expired key again: the two would lock each other out. */
  private static final String EXPIRED_KEYS =
      """
      DELETE FROM event_key WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM event_key WHERE expires_at < now() LIMIT 5000 FOR UPDATE SKIP LOCKED))
      """;

  /** The oldest transaction that holds a lock on the table, or a snapshot. */
  private static final String IN_THE_WAY =
      """
      SELECT concat_ws(', ', 'pid ' || pid, usename, application_name, state,
        'open for ' || date_trunc('second', now() - xact_start))
      FROM pg_stat_activity a
      WHERE datname = current_database() AND pid <> pg_backend_pid()
        AND (backend_xmin IS NOT NULL OR EXISTS (
          SELECT 1 FROM pg_locks l WHERE l.pid = a.pid AND l.relation = $1::text::regclass))
      ORDER BY xact_start, age(backend_xmin) DESC LIMIT 1
      """;

  private final PgConnection open;

  PastRetention(PgConnection open) {
    this.open = open;
  }

  /**
   * Drops the partitions of a table whose ids are all lower. What somebody's transaction holds up
   * for longer than a statement may take is left for the next round, and the rest goes on.
   */
  Future<Void> drop(String table, long lowestKept) {
    return PartitionRange.list(open, table)
        .compose(existing -> detach(table, existing, lowestKept))
        .recover(e -> leave(table, e))
        .compose(detached -> dropDetached(table))
        .recover(e -> leave(table, e));
  }

  private Future<Void> leave(String table, Throwable cause) {
    if (!StoreTrouble.isTooSlow(cause) && !StoreTrouble.isCollision(cause)) {
      return Future.failedFuture(cause);
    }
    return open.preparedQuery(IN_THE_WAY)
        .execute(Tuple.of(table))
        .map(
            rows -> {
              LOG.atWarn()
                  .addKeyValue("table", table)
                  .addKeyValue(
                      "waitsFor",
                      rows.size() == 0 ? "nobody any more" : rows.iterator().next().getString(0))
                  .log(
                      "A partition past its retention cannot be dropped before a transaction ends;"
                          + " the next round tries again");
              return null;
            });
  }

  private Future<Void> detach(String table, List<PartitionRange> existing, long lowestKept) {
    Future<Void> chain = Future.succeededFuture();
    for (PartitionRange range : existing) {
      if (range.high() <= lowestKept) {
        chain = chain.compose(v -> detach(table, range));
      }
    }
    return chain;
  }

  private Future<Void> detach(String table, PartitionRange range) {
    String name = range.name();
    LOG.atInfo().addKeyValue("partition", name).log("Its retention is over; dropping a partition");
    String mode = range.pending() ? "FINALIZE" : "CONCURRENTLY";
    return open.query("ALTER TABLE %s DETACH PARTITION %s %s".formatted(table, name, mode))
        .execute()
        .mapEmpty();
  }

  /** Also those that a crash left between detaching and dropping. */
  private Future<Void> dropDetached(String table) {
    return open.preparedQuery(DETACHED)
        .execute(Tuple.of(table))
        .compose(
            rows -> {
              Future<Void> chain = Future.succeededFuture();
              for (Row row : rows) {
                String drop = "DROP TABLE " + row.getString("name");
                chain = chain.compose(v -> open.query(drop).execute().mapEmpty());
              }
              return chain;
            });
  }

  /** Deletes the rows that no partition holds. */
  Future<Void> forget(long lowestKept) {
    return forgetDeferred(lowestKept)
        .compose(forgotten -> forgetKeys())
        .compose(forgotten -> Leftovers.delete(open, lowestKept));
  }

  /** Deliveries whose event is gone can never be made. */
  private Future<Void> forgetDeferred(long lowestKept) {
    return open.preparedQuery(FORGOTTEN_DEFERRED)
        .execute(Tuple.of(lowestKept))
        .compose(
            deleted ->
                deleted.rowCount() == 0 ? Future.succeededFuture() : forgetDeferred(lowestKept));
  }

  private Future<Void> forgetKeys() {
    return open.query(EXPIRED_KEYS)
        .execute()
        .compose(deleted -> deleted.rowCount() == 0 ? Future.succeededFuture() : forgetKeys());
  }
}
