package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Which endpoints have deliveries that are late. For any event loop. */
public final class BacklogStore {
  /**
   * Hops from endpoint to endpoint as a claim does, and not at all while nothing is late, or on
   * another node than the one with the lowest number; over endpoints, not over destinations that
   * events bring. $1 node, $2 milliseconds.
   */
  private static final String LATE =
      """
      WITH RECURSIVE lane(endpoint_id) AS (
        (SELECT endpoint_id FROM deferred
         WHERE leased_by IS NULL AND order_key IS NULL AND endpoint_id > 0
         ORDER BY endpoint_id LIMIT 1)
        UNION ALL
        SELECT (SELECT d.endpoint_id FROM deferred d
                WHERE d.leased_by IS NULL AND d.order_key IS NULL
                  AND d.endpoint_id > lane.endpoint_id
                ORDER BY d.endpoint_id LIMIT 1)
        FROM lane WHERE lane.endpoint_id IS NOT NULL
      ), oldest AS (
        SELECT lane.endpoint_id, d.due_at
        FROM lane CROSS JOIN LATERAL (
          SELECT due_at FROM deferred
          WHERE endpoint_id = lane.endpoint_id AND leased_by IS NULL AND order_key IS NULL
          ORDER BY due_at LIMIT 1) d
        UNION ALL
        SELECT endpoint_id, min(due_at) FROM deferred
        WHERE leased_by IS NULL AND order_key IS NOT NULL GROUP BY endpoint_id
      )
      SELECT endpoint_id, min(due_at) AS due_at, now() AS looked_at FROM oldest
      WHERE due_at < now() - $2::bigint * interval '1 ms'
        AND (SELECT min(id) FROM node WHERE live) = $1
        AND (SELECT due_at FROM deferred WHERE leased_by IS NULL ORDER BY due_at LIMIT 1)
            < now() - $2::bigint * interval '1 ms'
      GROUP BY endpoint_id
      """;

  private final Database database;
  private final int node;

  /**
   * @param node the number of this node: only the lowest live one looks
   */
  public BacklogStore(Database database, int node) {
    this.database = database;
    this.node = node;
  }

  /** Endpoints whose oldest due delivery is later than this, and is in nobody's hands. */
  public Future<List<Late>> laterThan(Duration limit) {
    return database
        .pool()
        .preparedQuery(LATE)
        .execute(Tuple.of((short) node, limit.toMillis()))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Late(
                                row.getLong("endpoint_id"),
                                row.getOffsetDateTime("due_at").toInstant(),
                                row.getOffsetDateTime("looked_at").toInstant()))
                    .toList());
  }

  /**
   * An endpoint that lags behind.
   *
   * @param dueAt when its oldest waiting delivery was due, by the clock of the database
   * @param lookedAt by the same clock
   */
  public record Late(long endpointId, Instant dueAt, Instant lookedAt) {}
}
