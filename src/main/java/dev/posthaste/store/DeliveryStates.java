package dev.posthaste.store;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.store.Candidates.Candidate;
import dev.posthaste.store.DeliveryRecord.AttemptRecord;
import dev.posthaste.store.DeliveryRecord.State;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks up how given deliveries stand. */
final class DeliveryStates {
  /** LIMIT 1 keeps the look-ups from becoming joins of whole tables. */
  private static final String LOOK_UP =
      """
      SELECT t.event_id, t.endpoint_id, a.*, d.due_at
      FROM unnest($1::bigint[], $2::bigint[]) AS t(event_id, endpoint_id)
      LEFT JOIN LATERAL (
        SELECT attempt_no, outcome, trigger, http_status, reason, latency_us, at_ms,
               NULL::text AS address, NULL::text AS response
        FROM attempt WHERE event_id = t.event_id AND endpoint_id = t.endpoint_id
        ORDER BY attempt_no DESC LIMIT 1) a ON true
      LEFT JOIN LATERAL (
        SELECT due_at FROM deferred WHERE event_id = t.event_id AND endpoint_id = t.endpoint_id
        LIMIT 1) d ON true
      """;

  /** The same, counted; the waiting row comes first, whatever the last attempt was. */
  private static final String COUNT =
      "SELECT event_id, CASE WHEN due_at IS NOT NULL OR outcome IS NULL OR outcome = 2 THEN 1"
          + " WHEN outcome = 1 THEN 2 ELSE 3 END AS state, count(*) FROM ("
          + LOOK_UP
          + ") s GROUP BY 1, 2";

  private final Database database;

  DeliveryStates(Database database) {
    this.database = database;
  }

  /** In the order of the candidates. */
  Future<List<DeliveryRecord>> of(List<Candidate> candidates) {
    return of(database.pool(), candidates);
  }

  /** The same, as this connection sees it. */
  Future<List<DeliveryRecord>> of(SqlClient client, List<Candidate> candidates) {
    return candidates.isEmpty()
        ? Future.succeededFuture(List.of())
        : client
            .preparedQuery(LOOK_UP)
            .execute(pairs(candidates.stream().map(Candidate::id).toList()))
            .map(
                rows -> {
                  Map<DeliveryId, Row> found = new HashMap<>();
                  rows.forEach(row -> found.put(id(row), row));
                  return candidates.stream().map(one -> record(one, found.get(one.id()))).toList();
                });
  }

  /** How many deliveries of each event stand how. */
  Future<Map<Long, Map<State, Integer>>> count(List<DeliveryId> deliveries) {
    return deliveries.isEmpty()
        ? Future.succeededFuture(Map.of())
        : database
            .pool()
            .preparedQuery(COUNT)
            .execute(pairs(deliveries))
            .map(
                rows -> {
                  Map<Long, Map<State, Integer>> counts = new HashMap<>();
                  for (Row row : rows) {
                    counts
                        .computeIfAbsent(row.getLong("event_id"), id -> new HashMap<>())
                        .put(State.of(row.getInteger("state")), row.getInteger("count"));
                  }
                  return counts;
                });
  }

  private static Tuple pairs(List<DeliveryId> deliveries) {
    return Tuple.tuple()
        .addValue(Columns.longs(deliveries, DeliveryId::eventId))
        .addValue(Columns.longs(deliveries, DeliveryId::endpointId));
  }

  private static DeliveryId id(Row row) {
    return new DeliveryId(row.getLong("event_id"), row.getLong("endpoint_id"));
  }

  private static DeliveryRecord record(Candidate candidate, Row row) {
    Optional<AttemptRecord> last =
        row.getInteger("attempt_no") == null
            ? Optional.empty()
            : Optional.of(AttemptRows.attempt(row));
    return DeliveryRecord.of(
        candidate.id(),
        candidate.eventType(),
        candidate.directUrl(),
        last,
        EndpointRows.instant(row.getOffsetDateTime("due_at")));
  }
}
