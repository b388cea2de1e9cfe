package dev.posthaste.store;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Settlement;
import dev.posthaste.event.TraceContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The table of deliveries that wait. */
public final class DeferredStore {
  /** Below the destinations that events bring. */
  public static final long FIRST_DIRECT = Long.MIN_VALUE;

  private static final long NANOS_PER_MILLI = 1_000_000L;

  /**
   * Looks at the soonest rows first: if those are all that is due, only their endpoints are
   * visited. Otherwise it hops over the index from endpoint to endpoint, so that a million due rows
   * of one do not delay another. Rows of an endpoint that is disabled stay, rows of a deleted one
   * come.
   *
   * <p>Of the rows that it finds it takes those whose data fits: the first of each endpoint, then
   * the second of each, and so on. Endpoints after the one that it starts after come first in this,
   * also where it visits all, or the low ids would always be served before the high ones. The size
   * of data is read without the data. Endpoints that got less than they might have come as rows
   * without an event, and say whether their tenant had enough.
   *
   * <p>$1 node, $2 lease ms, $3 horizon ms, $4 rows per endpoint, $5 rows in all, $6 start after
   * this endpoint, $7 and $8 endpoints that take fewer rows and how many, $9 endpoints in all, $10
   * end before this endpoint, $11 bytes, $12 tenants of which nothing is taken.
   */
  static final String CLAIM =
      """
      WITH RECURSIVE soonest AS MATERIALIZED (
        SELECT endpoint_id, order_key FROM deferred
        WHERE leased_by IS NULL AND due_at <= now() + $3::bigint * interval '1 ms'
        ORDER BY due_at LIMIT $5
      ), hop(endpoint_id, n) AS (
        (SELECT endpoint_id, 1 FROM deferred
         WHERE (SELECT count(*) FROM soonest) >= $5
           AND leased_by IS NULL AND order_key IS NULL AND endpoint_id > $6
           AND endpoint_id < $10
         ORDER BY endpoint_id LIMIT 1)
        UNION ALL
        SELECT (SELECT d.endpoint_id FROM deferred d
                WHERE d.leased_by IS NULL AND d.order_key IS NULL
                  AND d.endpoint_id > hop.endpoint_id AND d.endpoint_id < $10
                ORDER BY d.endpoint_id LIMIT 1), n + 1
        FROM hop WHERE endpoint_id IS NOT NULL AND n < $9
      ), visited AS (
        SELECT endpoint_id FROM hop WHERE endpoint_id IS NOT NULL
        UNION
        SELECT endpoint_id FROM soonest
        WHERE order_key IS NULL AND (SELECT count(*) FROM soonest) < $5
      ), lane AS (
        SELECT v.endpoint_id, coalesce(f.room, $4) AS room
        FROM visited v LEFT JOIN unnest($7::bigint[], $8::int[]) AS f(endpoint_id, room) USING (endpoint_id)
        WHERE coalesce(f.room, $4) > 0 AND NOT EXISTS (
          SELECT FROM endpoint e WHERE e.id = v.endpoint_id
            AND (e.status <> 1 AND e.deleted_at IS NULL OR e.tenant_id = ANY($12::bigint[])))
        ORDER BY endpoint_id
      ), found AS MATERIALIZED (
        SELECT d.event_id, d.endpoint_id, d.due_at, coalesce(e.size, 0) AS size, e.tenant_id
        FROM lane CROSS JOIN LATERAL (
          SELECT event_id, endpoint_id, due_at FROM deferred
          WHERE endpoint_id = lane.endpoint_id AND leased_by IS NULL AND order_key IS NULL
            AND due_at <= now() + $3::bigint * interval '1 ms'
          ORDER BY due_at, event_id LIMIT lane.room FOR UPDATE SKIP LOCKED) d
        LEFT JOIN LATERAL (
          SELECT octet_length(data) AS size, tenant_id FROM event WHERE id = d.event_id LIMIT 1) e ON true
        LIMIT $5
      ), ranked AS MATERIALIZED (
        SELECT event_id, endpoint_id, place,
          sum(size) OVER (ORDER BY place, endpoint_id <= $6, endpoint_id) - size AS bytes_before
        FROM (SELECT *, row_number() OVER (PARTITION BY endpoint_id ORDER BY due_at, event_id) AS place
              FROM found WHERE (tenant_id = ANY($12::bigint[])) IS NOT TRUE) eligible
      ), due AS MATERIALIZED (
        SELECT event_id, endpoint_id FROM ranked WHERE bytes_before < $11
      ), cut AS (
        SELECT endpoint_id, false AS withheld FROM ranked WHERE bytes_before >= $11
        UNION
        SELECT endpoint_id, true FROM found WHERE tenant_id = ANY($12::bigint[])
        UNION
        SELECT e.id, true FROM visited v JOIN endpoint e ON e.id = v.endpoint_id
        WHERE e.tenant_id = ANY($12::bigint[])
      ), leased AS (
        UPDATE deferred d
        SET leased_by = $1, leased_until = now() + $2::bigint * interval '1 ms'
        FROM due WHERE d.event_id = due.event_id AND d.endpoint_id = due.endpoint_id
        RETURNING d.event_id, d.endpoint_id, false AS withheld, d.attempts, d.trigger, d.put_at, d.due_at,
          (extract(epoch FROM d.due_at - now()) * 1000)::bigint AS due_in_ms
      )
      SELECT look.reached, l.*, e.tenant_id, e.type, e.occurred_at_ms, e.resource_id, e.key, e.data, e.traceparent,
             e.tracestate, e.direct_url, e.stands_for
      FROM (SELECT CASE WHEN EXISTS (SELECT FROM ranked WHERE place = 1 AND bytes_before >= $11)
                        THEN (SELECT endpoint_id FROM due ORDER BY endpoint_id <= $6 DESC, endpoint_id DESC LIMIT 1)
                        WHEN (SELECT count(*) FROM found) >= $5 THEN (SELECT max(endpoint_id) FROM found)
                        WHEN (SELECT count(*) FROM hop) >= $9 THEN (SELECT max(endpoint_id) FROM hop)
                   END AS reached) look
      LEFT JOIN (SELECT * FROM leased
                 UNION ALL SELECT NULL, endpoint_id, withheld, NULL, NULL, NULL, NULL, NULL FROM cut) l ON true
      LEFT JOIN LATERAL (SELECT * FROM event WHERE id = l.event_id LIMIT 1) e ON true
      ORDER BY l.due_at, l.event_id
      """;

  private static final String RENEW_EXPIRED =
      """
      UPDATE deferred SET leased_by = NULL, leased_until = NULL
      WHERE leased_by IS NOT NULL AND leased_until < now()
      """;

  /** The rows that there are, as sessions have reported them, against what plans are made for. */
  private static final String OUTGROWN =
      """
      SELECT 1 FROM pg_stat_user_tables s JOIN pg_class c ON c.oid = s.relid
      WHERE s.relid = 'deferred'::regclass
        AND s.n_live_tup > 1000 + 2 * greatest(c.reltuples, 0)
      """;

  private static final String MEASURE = "ANALYZE (SKIP_LOCKED) deferred";

  private final Database database;
  private final HeldConnection connection;
  private final int node;

  /** To be used on one event loop. */
  public DeferredStore(Database database, int node) {
    this.database = database;
    this.connection = database.hold(open -> Future.succeededFuture());
    this.node = node;
  }

  /**
   * Leases deliveries that are due within the horizon to this node, fairly over endpoints.
   *
   * @param after endpoints with higher ids come; begin with 0 and go on with what was reached.
   *     Destinations that events bring come from below 0: begin with {@link #FIRST_DIRECT}
   * @param rooms endpoints that take fewer rows than {@link Limits#perEndpoint()}, and how many
   * @param full tenants of which nothing is taken
   */
  public Future<Look> claim(Limits limits, long after, Map<Long, Integer> rooms, Set<Long> full) {
    Tuple values =
        Tuple.of(
                (short) node,
                limits.lease().toMillis(),
                limits.horizon().toMillis(),
                limits.perEndpoint(),
                limits.total())
            .addLong(after)
            .addValue(rooms.keySet().toArray(Long[]::new))
            .addValue(rooms.values().toArray(Integer[]::new))
            .addInteger(limits.endpoints())
            .addLong(DirectTarget.is(after) ? 0 : Long.MAX_VALUE)
            .addLong(limits.bytes())
            .addValue(full.toArray(Long[]::new));
    return connection.run(CLAIM, values).map(rows -> look(rows, after));
  }

  /** Frees deliveries whose holder let its lease run out; says how many. */
  public Future<Integer> freeExpired() {
    return connection.run(RENEW_EXPIRED, Tuple.tuple()).map(rows -> rows.rowCount());
  }

  /**
   * Lets PostgreSQL look how much waits, if that is more than twice what it last saw; says whether
   * it had to. Otherwise it goes by statistics of up to a minute ago, and an outage fills an empty
   * table in less: plans that were made for no rows, and kept, took seconds for a claim from
   * 50,000. After a look it plans anew, here and on all other connections. Does not hold up claims.
   */
  public Future<Boolean> keepMeasured() {
    return database
        .pool()
        .query(OUTGROWN)
        .execute()
        .compose(
            rows ->
                rows.size() == 0
                    ? Future.succeededFuture(false)
                    : database.pool().query(MEASURE).execute().map(true));
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
        List.of(),
        Optional.ofNullable(row.getString("direct_url")),
        standsFor(row));
  }

  static OptionalLong standsFor(Row row) {
    Long id = row.getLong("stands_for");
    return id == null ? OptionalLong.empty() : OptionalLong.of(id);
  }

  private static Look look(RowSet<Row> rows, long after) {
    List<Due> due = new ArrayList<>(rows.size());
    Set<Long> cut = new HashSet<>();
    Set<Long> withheld = new HashSet<>();
    long reached = 0;
    for (Row row : rows) {
      if (row.getLong("reached") != null) {
        reached = row.getLong("reached");
      }
      if (row.getLong("event_id") == null && row.getLong("endpoint_id") != null) {
        (row.getBoolean("withheld") ? withheld : cut).add(row.getLong("endpoint_id"));
      } else if (row.getString("type") != null) {
        due.add(due(row));
      }
    }
    // Few rows are taken of all targets: the place may be among those that the look is not for.
    boolean isOfItsKind = DirectTarget.is(reached) == DirectTarget.is(after);
    return new Look(due, isOfItsKind ? reached : 0, cut, withheld);
  }

  private static Due due(Row row) {
    long dueInMillis = row.getLong("due_in_ms");
    Delivery delivery =
        new Delivery(
            event(row),
            row.getLong("endpoint_id"),
            row.getInteger("attempts"),
            Attempt.Trigger.of(row.getShort("trigger")),
            true,
            Optional.empty(),
            Optional.of(row.getOffsetDateTime("put_at").toInstant()),
            OptionalLong.of(System.nanoTime() + dueInMillis * NANOS_PER_MILLI),
            Settlement.NONE);
    return new Due(delivery, Math.max(0, dueInMillis));
  }

  /**
   * How much one claim takes.
   *
   * @param lease for how long the rows are this node's
   * @param horizon rows due within it are taken too, so that a timer can send each at its time
   * @param endpoints visited at most
   * @param bytes of data, after which it takes nothing more; at least 1, and then one row
   */
  public record Limits(
      Duration lease, Duration horizon, int perEndpoint, int total, int endpoints, long bytes) {}

  /**
   * What a claim has found.
   *
   * @param due the oldest first
   * @param reached the endpoint at which it ended, to go on after it; 0 if it came to the end of
   *     endpoints, or of destinations that events bring
   * @param cut endpoints of which more was due than the bytes allowed
   * @param withheld endpoints that were passed by because their tenant has enough
   */
  public record Look(List<Due> due, long reached, Set<Long> cut, Set<Long> withheld) {
    /** Whether more may be due of an endpoint than was taken, whatever was allowed in rows. */
    public boolean hasLeft(long endpointId) {
      return cut.contains(endpointId) || withheld.contains(endpointId);
    }

    /** Whether it left any for want of memory. */
    public boolean hasLeftSome() {
      return !cut.isEmpty() || !withheld.isEmpty();
    }
  }

  /** A delivery and how long it still has to wait, in milliseconds. */
  public record Due(Delivery delivery, long dueInMillis) {}
}
