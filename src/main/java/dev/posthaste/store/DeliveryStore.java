package dev.posthaste.store;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Reply;
import dev.posthaste.store.DeliveryRecord.AttemptRecord;
import dev.posthaste.store.DeliveryRecord.State;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Reads what became of deliveries. There is no row per delivery: it is a target of an event, with
 * its attempts and the deferred row it may have. For any event loop.
 */
public final class DeliveryStore {
  /**
   * $1 tenant, $2 and $3 lowest and highest event, $4 and $5 only below this delivery, $6 endpoint,
   * $7 type, $8 state, $9 HTTP status, $10 how many. The range of events drives it, so a page costs
   * what it skips; LIMIT 1 keeps the look-ups from becoming joins of whole tables.
   */
  private static final String LIST =
      """
      SELECT e.id AS event_id, t.endpoint_id, e.type, s.state, a.*, d.due_at
      FROM event e
      CROSS JOIN LATERAL unnest(e.targets || ARRAY(
        SELECT endpoint_id FROM added_target WHERE event_id = e.id)) AS t(endpoint_id)
      LEFT JOIN LATERAL (
        SELECT attempt_no, outcome, trigger, http_status, reason, latency_us, at_ms,
               NULL::text AS address, NULL::text AS response
        FROM attempt WHERE event_id = e.id AND endpoint_id = t.endpoint_id
        ORDER BY attempt_no DESC LIMIT 1) a ON true
      LEFT JOIN LATERAL (
        SELECT due_at FROM deferred WHERE event_id = e.id AND endpoint_id = t.endpoint_id
        LIMIT 1) d ON true
      CROSS JOIN LATERAL (
        SELECT CASE WHEN d.due_at IS NOT NULL OR a.outcome IS NULL OR a.outcome = 2 THEN 1
                    WHEN a.outcome = 1 THEN 2 ELSE 3 END) AS s(state)
      WHERE e.tenant_id = $1 AND e.id >= $2 AND e.id <= $3
        AND (e.id, t.endpoint_id) < ($4::bigint, $5::bigint)
        AND ($6::bigint IS NULL OR (t.endpoint_id = $6 AND ($6 = ANY (e.targets) OR EXISTS (
          SELECT 1 FROM added_target WHERE event_id = e.id AND endpoint_id = $6))))
        AND ($7::text IS NULL OR e.type = $7)
        AND ($8::integer IS NULL OR s.state = $8)
        AND ($9::smallint IS NULL OR a.http_status = $9)
      ORDER BY e.id DESC, t.endpoint_id DESC LIMIT $10
      """;

  private static final String ATTEMPTS =
      """
      SELECT a.* FROM event e JOIN attempt a ON a.event_id = e.id
      WHERE e.tenant_id = $1 AND e.id = $2 AND a.event_id = $2 AND a.endpoint_id = $3
      ORDER BY a.attempt_no
      """;

  private final Database database;

  public DeliveryStore(Database database) {
    this.database = database;
  }

  /** Newest first, by event and then by endpoint. */
  public Future<List<DeliveryRecord>> list(long tenantId, Filter filter, Window window) {
    return list(database.pool(), tenantId, filter, window);
  }

  private static Future<List<DeliveryRecord>> list(
      SqlClient client, long tenantId, Filter filter, Window window) {
    Tuple values =
        Tuple.of(
                tenantId,
                window.lowestEvent(),
                Math.min(window.highestEvent(), window.below().eventId()),
                window.below().eventId(),
                window.below().endpointId())
            .addLong(filter.endpointId().orElse(null))
            .addString(filter.eventType().orElse(null))
            .addInteger(filter.state().map(State::number).orElse(null))
            .addShort(filter.httpStatus().map(Integer::shortValue).orElse(null))
            .addInteger(window.limit());
    return client
        .preparedQuery(LIST)
        .execute(values)
        .map(found -> found.stream().map(DeliveryStore::delivery).toList());
  }

  /** The delivery, unless it is another tenant's, past its retention, or was never there. */
  public Future<Optional<DeliveryRecord>> find(long tenantId, DeliveryId id) {
    return find(database.pool(), tenantId, id);
  }

  /** The same, as the unit sees it. */
  public Future<Optional<DeliveryRecord>> find(Unit unit, long tenantId, DeliveryId id) {
    return find(unit.connection(), tenantId, id);
  }

  private static Future<Optional<DeliveryRecord>> find(
      SqlClient client, long tenantId, DeliveryId id) {
    Filter filter =
        new Filter(
            Optional.of(id.endpointId()), Optional.empty(), Optional.empty(), Optional.empty());
    return list(client, tenantId, filter, Window.ofEvent(id.eventId(), 1))
        .map(found -> found.stream().findFirst());
  }

  /** All attempts of a delivery, the first one first. */
  public Future<List<AttemptRecord>> attempts(long tenantId, DeliveryId id) {
    return database
        .pool()
        .preparedQuery(ATTEMPTS)
        .execute(Tuple.of(tenantId, id.eventId(), id.endpointId()))
        .map(found -> found.stream().map(DeliveryStore::attempt).toList());
  }

  private static DeliveryRecord delivery(Row row) {
    return new DeliveryRecord(
        new DeliveryId(row.getLong("event_id"), row.getLong("endpoint_id")),
        row.getString("type"),
        State.of(row.getInteger("state")),
        row.getInteger("attempt_no") == null ? Optional.empty() : Optional.of(attempt(row)),
        EndpointRows.instant(row.getOffsetDateTime("due_at")));
  }

  private static AttemptRecord attempt(Row row) {
    return new AttemptRecord(
        row.getInteger("attempt_no"),
        Attempt.Outcome.of(row.getShort("outcome")),
        Attempt.Trigger.of(row.getShort("trigger")),
        Optional.ofNullable(row.getShort("http_status")).map(Short::intValue),
        Optional.ofNullable(row.getShort("reason")).map(number -> Reply.Reason.of(number)),
        row.getInteger("latency_us"),
        Optional.ofNullable(row.getString("address")),
        Optional.ofNullable(row.getString("response")),
        Instant.ofEpochMilli(row.getLong("at_ms")));
  }

  /**
   * Which deliveries.
   *
   * @param httpStatus what the last attempt was answered with
   */
  public record Filter(
      Optional<Long> endpointId,
      Optional<String> eventType,
      Optional<State> state,
      Optional<Integer> httpStatus) {
    /** All of them. */
    public static final Filter NONE =
        new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  /**
   * Which part of the list.
   *
   * @param lowestEvent included, like the highest
   * @param below where the page before ended; {@link #TOP} at the first
   */
  public record Window(long lowestEvent, long highestEvent, DeliveryId below, int limit) {
    /** Above every delivery. */
    public static final DeliveryId TOP = new DeliveryId(Long.MAX_VALUE, Long.MAX_VALUE);

    /** The deliveries of one event. */
    public static Window ofEvent(long eventId, int limit) {
      return new Window(eventId, eventId, TOP, limit);
    }
  }
}
