package dev.posthaste.store;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.IdGenerator;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Counts the attempts of an endpoint. For any event loop. */
public final class StatsStore {
  /**
   * Events of the tenant that are looked through, the latest ones: an endpoint has no index over
   * its attempts, which every delivery would pay for.
   */
  private static final int REACH = 10_000;

  /** $1 tenant, $2 endpoint, $3 and $4 lowest and highest event, $5 how many to look at. */
  private static final String COUNT =
      """
      WITH looked AS MATERIALIZED (
        SELECT id, $2::bigint = ANY (targets) OR EXISTS (
          SELECT 1 FROM added_target WHERE event_id = event.id AND endpoint_id = $2) AS meant
        FROM event
        WHERE tenant_id = $1 AND id >= $3 AND id <= $4 ORDER BY id DESC LIMIT $5
      ), made AS MATERIALIZED (
        SELECT a.outcome, a.latency_us FROM looked
        CROSS JOIN LATERAL (
          SELECT outcome, latency_us FROM attempt
          WHERE event_id = looked.id AND endpoint_id = $2 ORDER BY attempt_no DESC LIMIT 100) a
        WHERE looked.meant
      )
      SELECT (SELECT count(*) FROM looked)::integer AS looked,
        (SELECT min(id) FROM looked) AS edge,
        ARRAY(SELECT (SELECT count(*) FROM made WHERE outcome = o)
              FROM generate_series(1, 4) o ORDER BY o) AS counts,
        (SELECT percentile_disc(ARRAY[0.5, 0.95, 0.99]) WITHIN GROUP (ORDER BY latency_us)
         FROM made WHERE outcome <> 4) AS latencies
      """;

  /**
   * Of the rows that wait alone, of those that wait in order, and of those that a node has taken; a
   * part for each index. What is under way for the first time has no row; it is seconds old.
   */
  private static final String OLDEST_PENDING =
      """
      SELECT min(event_id) FROM (
        (SELECT event_id FROM deferred
         WHERE endpoint_id = $1 AND leased_by IS NULL AND order_key IS NULL
         ORDER BY due_at LIMIT 10000)
        UNION ALL
        (SELECT event_id FROM deferred WHERE endpoint_id = $1 AND order_key IS NOT NULL
         ORDER BY order_key, order_place LIMIT 10000)
        UNION ALL
        SELECT event_id FROM deferred
        WHERE endpoint_id = $1 AND leased_by IS NOT NULL AND order_key IS NULL) d
      """;

  private final Database database;

  public StatsStore(Database database) {
    this.database = database;
  }

  /** What became of the events of a range at an endpoint. */
  public Future<Stats> count(long tenantId, long endpointId, long lowest, long highest) {
    return database
        .pool()
        .preparedQuery(COUNT)
        .execute(Tuple.of(tenantId, endpointId, lowest, highest).addInteger(REACH))
        .map(rows -> rows.iterator().next())
        .compose(
            row ->
                database
                    .pool()
                    .preparedQuery(OLDEST_PENDING)
                    .execute(Tuple.of(endpointId))
                    .map(
                        pending ->
                            stats(row, Optional.ofNullable(pending.iterator().next().getLong(0)))));
  }

  private static Stats stats(Row row, Optional<Long> oldestPending) {
    Long[] counts = row.getArrayOfLongs("counts");
    Map<Attempt.Outcome, Long> byOutcome = new EnumMap<>(Attempt.Outcome.class);
    for (int i = 0; i < counts.length; i++) {
      byOutcome.put(Attempt.Outcome.of(i + 1), counts[i]);
    }
    Integer[] latencies = row.getArrayOfIntegers("latencies");
    return new Stats(
        byOutcome,
        latencies == null ? List.of() : List.of(latencies),
        oldestPending,
        row.getInteger("looked") >= REACH ? Optional.of(row.getLong("edge")) : Optional.empty());
  }

  /**
   * Attempts in numbers.
   *
   * @param latencyMicros of the attempts that were made: the median, the 95th and the 99th
   *     percentile; empty without any
   * @param oldestPending the oldest event that still waits for the endpoint, of its first 10,000
   * @param countedFrom the first event that was counted, if there were too many to count them all
   */
  public record Stats(
      Map<Attempt.Outcome, Long> byOutcome,
      List<Integer> latencyMicros,
      Optional<Long> oldestPending,
      Optional<Long> countedFrom) {

    /** When the first of those events that were counted came, if not all of them were. */
    public Optional<Instant> countedSince() {
      return countedFrom.map(id -> Instant.ofEpochMilli(IdGenerator.millisOf(id)));
    }
  }
}
