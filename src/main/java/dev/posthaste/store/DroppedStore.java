package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * Discards what waited for endpoints that were enabled again and whose contract drops that, some
 * rows at a time. Used on one event loop, one step at a time.
 *
 * <p>Rows that are leased are left to who holds them: whoever is about to send one knows since when
 * it has waited, and discards it. So an endpoint is done with once no other row is left.
 */
public final class DroppedStore {
  /**
   * In rotation, $1 the one before: much of one endpoint does not hold up the others. Nodes share
   * them; of a step in which one dies nothing is done.
   */
  private static final String TAKE =
      """
      SELECT endpoint_id, put_before FROM dropping
      ORDER BY endpoint_id <= $1, endpoint_id LIMIT 1 FOR UPDATE SKIP LOCKED
      """;

  /**
   * $1 endpoint, $2 what was put before this, $3 rows of each kind, of which there is an index
   * each.
   */
  private static final String DISCARD =
      """
      WITH plain AS MATERIALIZED (
        SELECT event_id FROM deferred
        WHERE endpoint_id = $1 AND leased_by IS NULL AND order_key IS NULL AND put_at < $2
        LIMIT $3 FOR UPDATE SKIP LOCKED
      ), ordered AS MATERIALIZED (
        SELECT event_id FROM deferred
        WHERE endpoint_id = $1 AND leased_by IS NULL AND order_key IS NOT NULL AND put_at < $2
        LIMIT $3 FOR UPDATE SKIP LOCKED
      ), gone AS (
        DELETE FROM deferred d USING (TABLE plain UNION ALL TABLE ordered) old
        WHERE d.event_id = old.event_id AND d.endpoint_id = $1
        RETURNING d.event_id, d.attempts, d.trigger
      ), recorded AS (
      INSERT INTO attempt AS a (event_id, endpoint_id, attempt_no, outcome, trigger, latency_us,
                                at_ms)
      SELECT event_id, $1, attempts + 1, 4, trigger, 0,
             (extract(epoch FROM clock_timestamp()) * 1000)::bigint
      FROM gone
      ON CONFLICT (event_id, endpoint_id, attempt_no) DO UPDATE SET outcome = excluded.outcome
        WHERE a.outcome = 2
      )
      SELECT count(*)::integer FROM gone
      """;

  private static final String DONE = "DELETE FROM dropping WHERE endpoint_id = $1";

  private final Database database;
  private final int most;
  private long last;

  /**
   * @param most rows of a step, of those with an order and of those without
   */
  public DroppedStore(Database database, int most) {
    this.database = database;
    this.most = most;
  }

  /** Takes a step; says how many deliveries it has discarded. Empty if there is nothing to do. */
  public Future<Optional<Integer>> step() {
    return database
        .pool()
        .withTransaction(
            tx ->
                tx.preparedQuery(TAKE)
                    .execute(Tuple.of(last))
                    .compose(
                        taken ->
                            taken.size() == 0
                                ? Future.succeededFuture(Optional.empty())
                                : discard(tx, taken.iterator().next()).map(Optional::of)));
  }

  private Future<Integer> discard(SqlConnection tx, Row taken) {
    long endpoint = taken.getLong("endpoint_id");
    last = endpoint;
    OffsetDateTime before = taken.getOffsetDateTime("put_before");
    return tx.preparedQuery(DISCARD)
        .execute(Tuple.of(endpoint, before, most))
        .compose(
            rows -> {
              int discarded = rows.iterator().next().getInteger(0);
              return discarded > 0
                  ? Future.succeededFuture(discarded)
                  : tx.preparedQuery(DONE).execute(Tuple.of(endpoint)).map(0);
            });
  }
}
