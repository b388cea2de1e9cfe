package dev.posthaste.store;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Settlement;
import dev.posthaste.event.TraceContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The table of deliveries that wait. */
public final class DeferredStore {
  /**
   * Hops over the index from endpoint to endpoint, so that a million due rows of one do not delay
   * another. $1 node, $2 lease ms, $3 horizon ms, $4 rows per endpoint, $5 rows in all, $6 start
   * after this endpoint, $7 endpoints that have enough.
   */
  private static final String CLAIM =
      """
      WITH RECURSIVE lane(endpoint_id) AS (
        (SELECT endpoint_id FROM deferred
         WHERE leased_by IS NULL AND order_key IS NULL AND endpoint_id > $6 ORDER BY endpoint_id LIMIT 1)
        UNION ALL
        SELECT (SELECT d.endpoint_id FROM deferred d
                WHERE d.leased_by IS NULL AND d.order_key IS NULL
                  AND d.endpoint_id > lane.endpoint_id
                ORDER BY d.endpoint_id LIMIT 1)
        FROM lane WHERE lane.endpoint_id IS NOT NULL
      ), due AS (
        SELECT d.event_id, d.endpoint_id
        FROM lane CROSS JOIN LATERAL (
          SELECT event_id, endpoint_id FROM deferred
          WHERE endpoint_id = lane.endpoint_id AND leased_by IS NULL AND order_key IS NULL
            AND due_at <= now() + $3::bigint * interval '1 ms'
          ORDER BY due_at LIMIT $4 FOR UPDATE SKIP LOCKED) d
        WHERE lane.endpoint_id IS NOT NULL AND lane.endpoint_id <> ALL ($7::bigint[])
        LIMIT $5
      ), leased AS (
        UPDATE deferred d
        SET leased_by = $1, leased_until = now() + $2::bigint * interval '1 ms'
        FROM due WHERE d.event_id = due.event_id AND d.endpoint_id = due.endpoint_id
        RETURNING d.event_id, d.endpoint_id, d.attempts, d.trigger,
          (extract(epoch FROM d.due_at - now()) * 1000)::bigint AS due_in_ms
      )
      SELECT l.*, e.tenant_id, e.type, e.occurred_at_ms, e.resource_id, e.key, e.data, e.traceparent,
             e.tracestate
      FROM leased l JOIN event e ON e.id = l.event_id
      """;

  private static final String RENEW_EXPIRED =
      """
      UPDATE deferred SET leased_by = NULL, leased_until = NULL
      WHERE leased_by IS NOT NULL AND leased_until < now()
      """;

  private final HeldConnection connection;
  private final int node;

  /** To be used on one event loop. */
  public DeferredStore(Database database, int node) {
    this.connection = database.hold(open -> Future.succeededFuture());
    this.node = node;
  }

  /**
   * Leases deliveries that are due within the horizon to this node, fairly over endpoints.
   *
   * @param after endpoints with higher ids come; begin with 0, go on with the highest id seen, and
   *     begin again when less than the whole came
   * @param satisfied endpoints that have enough of them in memory
   */
  public Future<List<Due>> claim(Limits limits, long after, Set<Long> satisfied) {
    Tuple values =
        Tuple.of(
                (short) node,
                limits.lease().toMillis(),
                limits.horizon().toMillis(),
                limits.perEndpoint(),
                limits.total())
            .addLong(after)
            .addValue(satisfied.toArray(Long[]::new));
    return connection
        .run(CLAIM, values)
        .map(rows -> rows.stream().map(DeferredStore::due).toList());
  }

  /** Frees deliveries whose holder let its lease run out; says how many. */
  public Future<Integer> freeExpired() {
    return connection.run(RENEW_EXPIRED, Tuple.tuple()).map(rows -> rows.rowCount());
  }

  public Future<Void> close() {
    return connection.close();
  }

  /** What is needed of an event to deliver it; its targets are left out. */
  static Event event(Row row) {
    return new Event(
        row.getLong("event_id"),
        row.getLong("tenant_id"),
        row.getString("type"),
        row.getLong("occurred_at_ms"),
        Optional.ofNullable(row.getString("resource_id")),
        Optional.ofNullable(row.getString("key")),
        Payload.of(row.getBuffer("data").getBytes()),
        TraceContext.read(row.getString("traceparent"), row.getString("tracestate")),
        List.of());
  }

  private static Due due(Row row) {
    Delivery delivery =
        new Delivery(
            event(row),
            row.getLong("endpoint_id"),
            row.getInteger("attempts"),
            Attempt.Trigger.of(row.getShort("trigger")),
            true,
            Optional.empty(),
            Settlement.NONE);
    return new Due(delivery, Math.max(0, row.getLong("due_in_ms")));
  }

  /**
   * How much one claim takes.
   *
   * @param lease for how long the rows are this node's
   * @param horizon rows due within it are taken too, so that a timer can send each at its time
   */
  public record Limits(Duration lease, Duration horizon, int perEndpoint, int total) {}

  /** A delivery and how long it still has to wait, in milliseconds. */
  public record Due(Delivery delivery, long dueInMillis) {}
}
