package dev.posthaste.store;

import dev.posthaste.event.IdGenerator;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * Deletes what is kept for some time only, a few thousand rows at a time, so that no transaction is
 * long and nobody waits.
 */
final class Leftovers {
  private static final String ANSWERS =
      """
      DELETE FROM kept_answer WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM kept_answer WHERE expires_at < now() AND $1::bigint >= 0
        LIMIT 5000 FOR UPDATE SKIP LOCKED))
      """;

  private static final String AUDIT =
      """
      DELETE FROM audit WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM audit WHERE id < $1 LIMIT 5000 FOR UPDATE SKIP LOCKED))
      """;

  private static final String TARGETS =
      """
      DELETE FROM added_target WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM added_target WHERE event_id < $1 LIMIT 5000 FOR UPDATE SKIP LOCKED))
      """;

  private static final String JOBS =
      """
      DELETE FROM job WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM job WHERE id < $1 AND state NOT IN (1, 2)
        LIMIT 5000 FOR UPDATE SKIP LOCKED))
      """;

  /** Each takes its chunks with it, so there are few. */
  private static final String ATTACHMENTS =
      """
      DELETE FROM attachment WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM attachment WHERE id < $1 LIMIT 20 FOR UPDATE SKIP LOCKED))
      """;

  /** What a node that died was storing. */
  private static final String UNFINISHED =
      """
      DELETE FROM attachment WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM attachment
        WHERE sha256 IS NULL AND created_at < now() - interval '1 day' AND $1::bigint >= 0
        LIMIT 20 FOR UPDATE SKIP LOCKED))
      """;

  private Leftovers() {}

  /**
   * Deletes what is over.
   *
   * @param lowestKept an id of {@link IdGenerator}; what has a lower one is past the retention
   */
  static Future<Void> delete(PgConnection open, long lowestKept) {
    Future<Void> chain = Future.succeededFuture();
    for (String sql : List.of(ANSWERS, AUDIT, TARGETS, JOBS, ATTACHMENTS, UNFINISHED)) {
      chain = chain.compose(v -> delete(open, sql, lowestKept));
    }
    return chain;
  }

  private static Future<Void> delete(PgConnection open, String sql, long lowestKept) {
    return open.preparedQuery(sql)
        .execute(Tuple.of(lowestKept))
        .compose(
            deleted ->
                deleted.rowCount() == 0 ? Future.succeededFuture() : delete(open, sql, lowestKept));
  }
}
