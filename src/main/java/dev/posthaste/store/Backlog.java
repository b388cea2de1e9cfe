package dev.posthaste.store;

import dev.posthaste.event.Deferral;
import dev.posthaste.event.IdGenerator;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalLong;

/** Looks how much waits in the whole cluster. For any event loop. */
public final class Backlog {
  /**
   * Cheap however much waits. Small tables are counted; of large ones 500 pages are, taken at
   * random, and the count is scaled up. What waits longest is looked for among the first 10,000
   * entries of an index, since rows of disabled endpoints wait for nothing; if there are only such,
   * the last one looked at bounds what lies behind it. Nothing disables the destinations that
   * events bring, whose ids are negative.
   */
  static final String LOOK =
      """
      WITH aged AS MATERIALIZED (
        SELECT event_id, endpoint_id FROM deferred ORDER BY event_id LIMIT 10000
      ), due AS MATERIALIZED (
        SELECT due_at, endpoint_id FROM deferred WHERE leased_by IS NULL ORDER BY due_at LIMIT 10000
      ), active AS MATERIALIZED (
        SELECT id FROM endpoint WHERE status = 1 AND deleted_at IS NULL
          AND id IN (SELECT endpoint_id FROM aged UNION SELECT endpoint_id FROM due)
        UNION ALL
        SELECT endpoint_id FROM aged WHERE endpoint_id < 0
        UNION ALL
        SELECT endpoint_id FROM due WHERE endpoint_id < 0
      )
      SELECT
        coalesce((SELECT min(event_id) FROM aged WHERE endpoint_id IN (SELECT id FROM active)),
                 (SELECT max(event_id) FROM aged HAVING count(*) = 10000)) AS oldest_event,
        extract(epoch FROM now() - coalesce(
          (SELECT min(due_at) FROM due WHERE endpoint_id IN (SELECT id FROM active)),
          (SELECT max(due_at) FROM due HAVING count(*) = 10000)))::double precision AS overdue,
        (SELECT count(*) FROM node WHERE live)::int AS nodes,
        ARRAY(SELECT reason || ':' || (count(*) * greatest(1, pg_relation_size('deferred') / 4096000.0))::bigint
              FROM deferred TABLESAMPLE SYSTEM (least(100, 409600000.0 / greatest(1, pg_relation_size('deferred'))))
              GROUP BY reason) AS depths
      """;

  private final Database database;

  public Backlog(Database database) {
    this.database = database;
  }

  public Future<Look> look() {
    return database.pool().preparedQuery(LOOK).execute().map(rows -> look(rows.iterator().next()));
  }

  private static Look look(Row row) {
    Map<Deferral.Reason, Long> depths = new EnumMap<>(Deferral.Reason.class);
    for (String depth : row.getArrayOfStrings("depths")) {
      String[] parts = depth.split(":", 2);
      depths.put(Deferral.Reason.of(Integer.parseInt(parts[0])), Long.parseLong(parts[1]));
    }
    Long oldest = row.getLong("oldest_event");
    Double overdue = row.getDouble("overdue");
    return new Look(
        depths,
        oldest == null ? OptionalLong.empty() : OptionalLong.of(IdGenerator.millisOf(oldest)),
        overdue == null ? 0 : Math.max(0, overdue),
        row.getInteger("nodes"));
  }

  /**
   * What waited at a moment.
   *
   * @param depths rows by reason; an estimate beyond some 20,000
   * @param oldestAcceptedAtMillis when the oldest event was accepted that waits for an active
   *     endpoint
   * @param overdueSeconds how long the row is due that is due longest and that nobody has leased
   * @param liveNodes this one included
   */
  public record Look(
      Map<Deferral.Reason, Long> depths,
      OptionalLong oldestAcceptedAtMillis,
      double overdueSeconds,
      int liveNodes) {}
}
