package dev.posthaste.store;

import dev.posthaste.event.Event;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How endpoints fare, summed over the nodes. Reports of several nodes may come in any order: times
 * decide what a success ends. For any event loop.
 */
public final class HealthStore {
  /**
   * A success ends the failures before it, whichever is reported first. Where some failures are
   * before it and some after, the endpoint gets the benefit of the doubt: only the last one counts.
   * Rows are locked in the order of their ids, so that two nodes never wait for each other.
   */
  private static final String REPORT =
      """
      WITH given AS (
        SELECT endpoint_id, failures, 'epoch'::timestamptz + since_ms * interval '1 ms' AS since,
               'epoch'::timestamptz + failure_ms * interval '1 ms' AS failure,
               'epoch'::timestamptz + success_ms * interval '1 ms' AS success
        FROM unnest($1::bigint[], $2::integer[], $3::bigint[], $4::bigint[], $5::bigint[])
          AS g(endpoint_id, failures, since_ms, failure_ms, success_ms)
      ), before AS (
        SELECT h.endpoint_id, h.failing_since, h.announced_percent
        FROM endpoint_health h JOIN given USING (endpoint_id)
        ORDER BY h.endpoint_id FOR UPDATE OF h
      ), changed AS (
        INSERT INTO endpoint_health AS h
          (endpoint_id, consecutive_failures, failing_since, last_failure_at, last_success_at)
        SELECT g.endpoint_id, g.failures, g.since, g.failure, g.success
        FROM given g LEFT JOIN before b USING (endpoint_id) ORDER BY g.endpoint_id
        ON CONFLICT (endpoint_id) DO UPDATE SET
          consecutive_failures =
            CASE WHEN excluded.last_success_at IS NULL OR h.failing_since > excluded.last_success_at
                   THEN h.consecutive_failures
                 WHEN h.last_failure_at <= excluded.last_success_at THEN 0
                 ELSE LEAST(h.consecutive_failures, 1) END
            + CASE WHEN h.last_success_at IS NULL OR excluded.failing_since > h.last_success_at
                     THEN excluded.consecutive_failures
                   WHEN excluded.last_failure_at <= h.last_success_at THEN 0
                   ELSE LEAST(excluded.consecutive_failures, 1) END,
          failing_since = LEAST(
            CASE WHEN h.failing_since IS NULL OR excluded.last_success_at IS NULL
                   OR h.failing_since > excluded.last_success_at THEN h.failing_since
                 WHEN h.last_failure_at > excluded.last_success_at THEN h.last_failure_at END,
            CASE WHEN excluded.failing_since IS NULL OR h.last_success_at IS NULL
                   OR excluded.failing_since > h.last_success_at THEN excluded.failing_since
                 WHEN excluded.last_failure_at > h.last_success_at
                   THEN excluded.last_failure_at END),
          last_failure_at = GREATEST(h.last_failure_at, excluded.last_failure_at),
          last_success_at = GREATEST(h.last_success_at, excluded.last_success_at),
          announced_percent = CASE WHEN excluded.last_success_at >= h.failing_since THEN 0
                                   ELSE h.announced_percent END,
          changed_at = now()
        RETURNING h.endpoint_id, h.announced_percent
      )
      SELECT b.endpoint_id, b.failing_since
      FROM changed c JOIN before b USING (endpoint_id)
      WHERE b.announced_percent > 0 AND c.announced_percent = 0
      """;

  /** $1: since when; $2: whether those count that do not fail. Never without a row. */
  private static final String CHANGED =
      """
      SELECT now() AS looked_at, h.*
      FROM (SELECT) one LEFT JOIN endpoint_health h
        ON h.changed_at > $1::timestamptz AND ($2 OR h.failing_since IS NOT NULL)
      """;

  private static final String ANNOUNCE =
      """
      UPDATE endpoint_health SET announced_percent = $2, changed_at = now()
      WHERE endpoint_id = $1 AND announced_percent < $2 AND failing_since IS NOT NULL
      """;

  private static final String MISSED =
      """
      INSERT INTO endpoint_health AS h (endpoint_id, missed)
      SELECT * FROM unnest($1::bigint[], $2::bigint[]) AS g(endpoint_id, missed)
      ORDER BY endpoint_id
      ON CONFLICT (endpoint_id) DO UPDATE SET missed = h.missed + excluded.missed
      """;

  private final Database database;
  private final CertainTransaction certain;
  private final OwnEvents own;

  /**
   * @param own what appends events on this node
   */
  public HealthStore(Database database, OwnEvents own) {
    this.database = database;
    this.own = own;
    this.certain = new CertainTransaction(database);
  }

  /**
   * Adds what happened since the report before. Fails only if nothing was added.
   *
   * @param recovered events for endpoints whose failing had been announced and is over; appended in
   *     the same transaction
   */
  public Future<Void> report(
      List<Change> changes, Function<List<Recovered>, List<Event>> recovered) {
    return own.around(
        () ->
            certain.run(
                tx ->
                    tx.preparedQuery(REPORT)
                        .execute(columns(changes))
                        .compose(over -> own.append(tx, recovered.apply(recovered(over))))));
  }

  private static Tuple columns(List<Change> changes) {
    return Tuple.tuple()
        .addValue(Columns.longs(changes, Change::endpointId))
        .addValue(Columns.ints(changes, Change::failures))
        .addValue(Columns.longs(changes, change -> orNull(change.firstFailureMillis())))
        .addValue(Columns.longs(changes, change -> orNull(change.lastFailureMillis())))
        .addValue(Columns.longs(changes, change -> orNull(change.lastSuccessMillis())));
  }

  private static Long orNull(long millis) {
    return millis == 0 ? null : millis;
  }

  private static List<Recovered> recovered(RowSet<Row> rows) {
    return rows.stream()
        .map(
            row ->
                new Recovered(
                    row.getLong("endpoint_id"),
                    EndpointRows.instant(row.getOffsetDateTime("failing_since"))))
        .toList();
  }

  /**
   * What changed since a time, by the clock of the database; rows may come again.
   *
   * @param since none for everything that fails now
   */
  public Future<Look> changed(Optional<Instant> since) {
    return database
        .pool()
        .preparedQuery(CHANGED)
        .execute(Tuple.of(EndpointRows.column(since.orElse(Instant.EPOCH)), since.isPresent()))
        .map(HealthStore::look);
  }

  private static Look look(RowSet<Row> rows) {
    Instant at = rows.iterator().next().getOffsetDateTime("looked_at").toInstant();
    return new Look(
        at,
        rows.stream()
            .filter(row -> row.getLong("endpoint_id") != null)
            .map(HealthStore::standing)
            .toList());
  }

  private static Standing standing(Row row) {
    return new Standing(
        row.getLong("endpoint_id"),
        row.getInteger("consecutive_failures"),
        EndpointRows.instant(row.getOffsetDateTime("failing_since")),
        EndpointRows.instant(row.getOffsetDateTime("last_failure_at")),
        row.getShort("announced_percent"));
  }

  /**
   * Notes that a step towards being disabled is announced, together with the events that announce
   * it; false if another node has done so, or the endpoint has recovered.
   */
  public Future<Boolean> announce(long endpointId, int percent, List<Event> events) {
    return own.around(
        () -> database.pool().withTransaction(tx -> announce(tx, endpointId, percent, events)));
  }

  private Future<Boolean> announce(
      SqlConnection tx, long endpointId, int percent, List<Event> events) {
    return tx.preparedQuery(ANNOUNCE)
        .execute(Tuple.of(endpointId, (short) percent))
        .compose(
            done ->
                done.rowCount() == 0
                    ? Future.succeededFuture(false)
                    : own.append(tx, events).map(true));
  }

  /** Adds to the events that disabled endpoints have missed. Fails only if nothing was added. */
  public Future<Void> addMissed(Map<Long, Long> counts) {
    List<Map.Entry<Long, Long>> rows = List.copyOf(counts.entrySet());
    return certain.run(
        (SqlConnection tx) ->
            tx.preparedQuery(MISSED)
                .execute(
                    Tuple.tuple()
                        .addValue(Columns.longs(rows, Map.Entry::getKey))
                        .addValue(Columns.longs(rows, Map.Entry::getValue)))
                .mapEmpty());
  }

  /** Appends events that tell of nothing in a table. Fails only if none was appended. */
  public Future<Void> append(List<Event> events) {
    return own.around(() -> certain.run((SqlConnection tx) -> own.append(tx, events)));
  }

  /**
   * What happened to an endpoint on one node since its report before. Times are milliseconds since
   * 1970, 0 for never.
   *
   * @param failures deliveries failed for good after the last success
   * @param firstFailureMillis the first failed attempt after the last success
   * @param lastFailureMillis the last failed attempt
   * @param lastSuccessMillis the last success
   */
  public record Change(
      long endpointId,
      int failures,
      long firstFailureMillis,
      long lastFailureMillis,
      long lastSuccessMillis) {
    /** This one and what came after it, as one. */
    public Change then(Change later) {
      boolean anew = later.lastSuccessMillis > 0;
      long first = anew || firstFailureMillis == 0 ? later.firstFailureMillis : firstFailureMillis;
      return new Change(
          endpointId,
          anew ? later.failures : failures + later.failures,
          first,
          Math.max(lastFailureMillis, later.lastFailureMillis),
          Math.max(lastSuccessMillis, later.lastSuccessMillis));
    }
  }

  /** An endpoint whose failing was announced and has ended. */
  public record Recovered(long endpointId, Optional<Instant> failingSince) {}

  /**
   * The rows of a look.
   *
   * @param at when it was, by the clock of the database
   */
  public record Look(Instant at, List<Standing> standings) {}

  /**
   * How an endpoint stands.
   *
   * @param consecutiveFailures deliveries failed for good since the last success
   * @param failingSince the first failed attempt since the last success; none if it does not fail
   * @param announcedPercent the highest step towards being disabled that was announced
   */
  public record Standing(
      long endpointId,
      int consecutiveFailures,
      Optional<Instant> failingSince,
      Optional<Instant> lastFailureAt,
      int announcedPercent) {}
}
