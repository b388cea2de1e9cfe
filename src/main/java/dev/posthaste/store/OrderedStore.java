package dev.posthaste.store;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Event;
import dev.posthaste.event.OrderKey;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rows of ordered deliveries in the table of those that wait. Used on one event loop, one call
 * at a time.
 *
 * <p>A key is claimed as a run: its first rows, by their place, up to one that is not due, and only
 * while none of its rows is leased. Places are given before rows are committed, so the head may be
 * younger here than a row behind it that has been tried and waits. Two nodes must never hold runs
 * of one key. A row lock on its head would not do: a commit that ends between the snapshots of two
 * claims can put another row in front, and then each locks a head of its own. So a claim first
 * takes an advisory lock on the key, without waiting, and looks at the rows with a snapshot that is
 * younger than the lock: whoever held it before has committed, and its leases are seen. Locks end
 * with the transaction.
 */
public final class OrderedStore {
  private static final String NOT_DISABLED =
      """
      coalesce((SELECT e.status = 1 OR e.deleted_at IS NOT NULL FROM endpoint e
        WHERE e.id = w.endpoint_id), true)
      """;

  private static final String NOT_LEASED =
      """
      NOT EXISTS (SELECT 1 FROM deferred l
        WHERE l.endpoint_id = w.endpoint_id AND l.order_key = head.order_key
          AND l.leased_by IS NOT NULL)
      """;

  /**
   * Steps over the index from endpoint to endpoint and from key to key; each step finds the head of
   * a key. What is cut off is found by the next look, which goes on after the last endpoint, so
   * they have to come in their order: those to leave out are filtered, since PostgreSQL may choose
   * a join that mixes them. $1 after this endpoint; $2, $3 endpoints that go on with a key; $4
   * endpoints to leave out; $5 keys of one endpoint; $6 keys in all.
   */
  private static final String LOOK =
      """
      WITH RECURSIVE w(endpoint_id) AS (
        (SELECT endpoint_id FROM deferred WHERE order_key IS NOT NULL AND endpoint_id > $1
         ORDER BY endpoint_id LIMIT 1)
        UNION ALL
        SELECT (SELECT d.endpoint_id FROM deferred d
                WHERE d.order_key IS NOT NULL AND d.endpoint_id > w.endpoint_id
                ORDER BY d.endpoint_id LIMIT 1)
        FROM w WHERE w.endpoint_id IS NOT NULL
      )
      SELECT w.endpoint_id, head.order_key, head.due_at <= now() AND\s"""
          + NOT_LEASED
          + """
             AS ready
          FROM w CROSS JOIN LATERAL (
            WITH RECURSIVE step AS (
              (SELECT order_key, due_at FROM deferred
               WHERE endpoint_id = w.endpoint_id AND order_key >= coalesce(
                 (SELECT s.key FROM unnest($2::bigint[], $3::text[]) AS s(id, key)
                  WHERE s.id = w.endpoint_id), '')
               ORDER BY order_key, order_place LIMIT 1)
              UNION ALL
              SELECT n.order_key, n.due_at FROM step CROSS JOIN LATERAL (
                SELECT d.order_key, d.due_at FROM deferred d
                WHERE d.endpoint_id = w.endpoint_id AND d.order_key > step.order_key
                ORDER BY d.order_key, d.order_place LIMIT 1) n
            )
            SELECT order_key, due_at FROM step LIMIT $5) head
          WHERE w.endpoint_id NOT IN (SELECT unnest($4::bigint[])) AND\s"""
          + NOT_DISABLED
          + "LIMIT $6";

  private static final String LOCK =
      """
      SELECT w.endpoint_id, w.order_key
      FROM unnest($1::bigint[], $2::text[]) WITH ORDINALITY AS w(endpoint_id, order_key, n)
      WHERE pg_try_advisory_xact_lock(%d, hashtext(w.endpoint_id || ' ' || w.order_key))
      ORDER BY w.n
      """
          .formatted(Fence.ORDER_CLASS);

  /** $1 node, $2 lease ms, $3 rows of a run, $4 bytes of a run, $5 and $6 the keys. */
  private static final String CLAIM =
      """
      WITH run AS (
        SELECT first.event_id, w.endpoint_id, w.n
        FROM unnest($5::bigint[], $6::text[]) WITH ORDINALITY AS w(endpoint_id, order_key, n)
        CROSS JOIN LATERAL (
          SELECT d.order_key, d.due_at FROM deferred d
          WHERE d.endpoint_id = w.endpoint_id AND d.order_key = w.order_key
          ORDER BY d.order_place LIMIT 1) head
        CROSS JOIN LATERAL (
          SELECT r.event_id, sum(octet_length(e.data)) OVER (ORDER BY r.order_place)
                   - octet_length(e.data) AS bytes_before,
                 max(r.due_at) OVER (ORDER BY r.order_place) AS all_due_at
          FROM (SELECT d.event_id, d.order_place, d.due_at FROM deferred d
                WHERE d.endpoint_id = w.endpoint_id AND d.order_key = w.order_key
                ORDER BY d.order_place LIMIT $3) r
          JOIN event e ON e.id = r.event_id) first
        WHERE head.due_at <= now() AND first.all_due_at <= now() AND first.bytes_before < $4 AND\s"""
          + NOT_LEASED
          + " AND "
          + NOT_DISABLED
          + """
          ), leased AS (
            UPDATE deferred d
            SET leased_by = $1, leased_until = now() + $2::bigint * interval '1 ms'
            FROM run WHERE d.event_id = run.event_id AND d.endpoint_id = run.endpoint_id
            RETURNING d.*, run.n,
              (extract(epoch FROM d.leased_until) * 1000000)::bigint AS until_micros
          )
          SELECT l.endpoint_id, l.order_key, l.until_micros, l.event_id, l.attempts, l.trigger,
            l.put_at,
            e.tenant_id, e.type, e.occurred_at_ms, e.resource_id, e.key, e.data, e.traceparent,
            e.tracestate, e.direct_url, e.stands_for
          FROM leased l JOIN event e ON e.id = l.event_id ORDER BY l.n, l.order_place
          """;

  private final HeldConnection connection;
  private final int node;

  public OrderedStore(Database database, int node) {
    this.connection = database.hold(open -> Future.succeededFuture());
    this.node = node;
  }

  /** Finds out which keys wait, some at a time; without any lock. */
  public Future<List<Head>> look(Place from, Set<Long> satisfied, Bounds bounds) {
    List<OrderKey> goOn = from.within;
    Tuple values =
        Tuple.of(from.after)
            .addValue(Columns.longs(goOn, OrderKey::endpointId))
            .addValue(Columns.texts(goOn, OrderKey::value))
            .addValue(satisfied.toArray(Long[]::new))
            .addInteger(bounds.perEndpoint)
            .addInteger(bounds.total);
    return connection
        .run(LOOK, values)
        .map(
            rows ->
                rows.stream()
                    .map(row -> new Head(OrderedStore.key(row), row.getBoolean("ready")))
                    .toList());
  }

  /**
   * Leases a run of each key that is due and of which nothing is leased.
   *
   * @param keys each at most once
   */
  public Future<List<Run>> claim(Limits limits, List<OrderKey> keys) {
    return connection.transaction(
        statements ->
            statements
                .run(LOCK, keyColumns(Tuple.tuple(), keys))
                .map(rows -> rows.stream().map(OrderedStore::key).toList())
                .compose(locked -> lease(statements, limits, locked)));
  }

  private Future<List<Run>> lease(
      HeldConnection.Statements statements, Limits limits, List<OrderKey> locked) {
    if (locked.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    Tuple values =
        Tuple.of((short) node, limits.lease.toMillis(), limits.rows).addLong(limits.bytes);
    return statements.run(CLAIM, keyColumns(values, locked)).map(OrderedStore::runs);
  }

  private static Tuple keyColumns(Tuple values, List<OrderKey> keys) {
    return values
        .addValue(Columns.longs(keys, OrderKey::endpointId))
        .addValue(Columns.texts(keys, OrderKey::value));
  }

  private static List<Run> runs(RowSet<Row> rows) {
    Map<OrderKey, Run> runs = new LinkedHashMap<>();
    for (Row row : rows) {
      runs.computeIfAbsent(
              key(row), key -> new Run(key, row.getLong("until_micros"), new ArrayList<>()))
          .rows
          .add(
              new Waiting(
                  DeferredStore.event(row),
                  row.getInteger("attempts"),
                  Attempt.Trigger.of(row.getShort("trigger")),
                  row.getOffsetDateTime("put_at").toInstant()));
    }
    return List.copyOf(runs.values());
  }

  private static OrderKey key(Row row) {
    return new OrderKey(row.getLong("endpoint_id"), row.getString("order_key"));
  }

  public Future<Void> close() {
    return connection.close();
  }

  /**
   * Where a look begins.
   *
   * @param after with the endpoints that have a higher id
   * @param within keys from which on it looks at their endpoints; one per endpoint
   */
  public record Place(long after, List<OrderKey> within) {}

  /** How many keys a look may find. */
  public record Bounds(int perEndpoint, int total) {}

  /** A key of which rows wait, and whether a claim would get a run of it now. */
  public record Head(OrderKey key, boolean ready) {}

  /**
   * How much a claim takes.
   *
   * @param rows at most, of one key
   * @param bytes of data after which a run takes no more rows
   */
  public record Limits(Duration lease, int rows, long bytes) {}

  /**
   * The first deliveries of a key, leased to this node.
   *
   * @param untilMicros see {@link dev.posthaste.event.OrderLease#untilMicros()}
   * @param rows in their order
   */
  public record Run(OrderKey key, long untilMicros, List<Waiting> rows) {}

  /**
   * A row: an event that waits for its next attempt.
   *
   * @param since when the row was made, by the clock of the database
   */
  public record Waiting(Event event, int attempts, Attempt.Trigger trigger, Instant since) {}
}
