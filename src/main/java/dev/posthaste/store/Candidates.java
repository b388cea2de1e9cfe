package dev.posthaste.store;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.DirectTarget;
import dev.posthaste.store.DeliveryStore.Filter;
import dev.posthaste.store.DeliveryStore.Window;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds deliveries that may be what a list asks for, in its order, from the index that has the
 * fewest others in it. Looks at so many rows and no more, so that a filter that nothing passes
 * costs a page of nothing instead of the whole log.
 */
final class Candidates {
  /** Rows that a look goes through when all there is to ask stands in the row. */
  private static final int REACH = 5_000;

  /** Rows that a look goes through when each is looked up elsewhere. */
  private static final int LOOK_UP_REACH = 1_000;

  /** $1 tenant, $2 and $3 events, $4 and $5 the place before, $6 endpoint, $7 type, $8 rows. */
  private static final String OF_EVENTS =
      """
      SELECT e.id AS event_id, t.endpoint_id, e.type, e.direct_url,
             ($7::text IS NULL OR e.type = $7) AS wanted
      FROM event e CROSS JOIN LATERAL unnest(e.targets || ARRAY(
        SELECT endpoint_id FROM added_target WHERE event_id = e.id)) AS t(endpoint_id)
      WHERE e.tenant_id = $1 AND e.id >= $2 AND e.id <= $3
        AND (e.id, t.endpoint_id) {beyond} ($4::bigint, $5::bigint) AND $6::bigint IS NULL
      ORDER BY e.id {order}, t.endpoint_id {order} LIMIT $8
      """;

  private static final String OF_EVENTS_TO_ENDPOINT =
      """
      SELECT e.id AS event_id, $6::bigint AS endpoint_id, e.type, e.direct_url,
             ($7::text IS NULL OR e.type = $7) AND ($6 = ANY (e.targets) OR EXISTS (
               SELECT 1 FROM added_target WHERE event_id = e.id AND endpoint_id = $6)) AS wanted
      FROM event e
      WHERE e.tenant_id = $1 AND e.id >= $2 AND e.id <= $3
        AND (e.id, $6::bigint) {beyond} ($4::bigint, $5::bigint)
      ORDER BY e.id {order} LIMIT $8
      """;

  private static final String TROUBLE =
      """
      SELECT a.event_id, a.endpoint_id, e.type, e.direct_url,
             coalesce(e.tenant_id = $1 AND ($7::text IS NULL OR e.type = $7), false) AS wanted
      FROM (
        SELECT event_id, endpoint_id FROM attempt
        WHERE (outcome <> 1 OR http_status >= 300) AND event_id >= $2 AND event_id <= $3
          AND (event_id, endpoint_id) {beyond} ($4::bigint, $5::bigint) AND {endpoint}
        ORDER BY event_id {order}, endpoint_id {order} LIMIT $8) a
      LEFT JOIN LATERAL (
        SELECT type, tenant_id, direct_url FROM event WHERE id = a.event_id LIMIT 1) e ON true
      """;

  private static final String DEFERRED =
      """
      SELECT d.event_id, d.endpoint_id, e.type, e.direct_url,
             coalesce(e.tenant_id = $1 AND ($6::bigint IS NULL OR d.endpoint_id = $6)
                      AND ($7::text IS NULL OR e.type = $7), false) AS wanted
      FROM (
        SELECT event_id, endpoint_id FROM deferred
        WHERE event_id >= $2 AND event_id <= $3
          AND (event_id, endpoint_id) {beyond} ($4::bigint, $5::bigint)
        ORDER BY event_id {order}, endpoint_id {order} LIMIT $8) d
      LEFT JOIN LATERAL (
        SELECT type, tenant_id, direct_url FROM event WHERE id = d.event_id LIMIT 1) e ON true
      """;

  /** Below it whatever is not over has a deferred row. */
  private static final String SETTLED_BELOW =
      "SELECT coalesce(min(settled_below), 0) FROM node WHERE live";

  /** $9 how many. */
  private static final String LOOK =
      """
      WITH looked AS MATERIALIZED (
      {source}
      ), edge AS (
        SELECT event_id, endpoint_id FROM looked
        ORDER BY event_id {back}, endpoint_id {back} LIMIT 1
      )
      SELECT (SELECT count(*) FROM looked) AS looked, edge.event_id AS edge_event,
             edge.endpoint_id AS edge_endpoint, m.*
      FROM edge LEFT JOIN LATERAL (
        SELECT DISTINCT event_id, endpoint_id, type, direct_url FROM looked WHERE wanted
        ORDER BY event_id {order}, endpoint_id {order} LIMIT $9) m ON true
      """;

  private static final Map<Source, String> NEWEST_FIRST = texts("DESC", "ASC", "<");
  private static final Map<Source, String> OLDEST_FIRST = texts("ASC", "DESC", ">");

  private final Database database;

  Candidates(Database database) {
    this.database = database;
  }

  private static Map<Source, String> texts(String order, String back, String beyond) {
    Map<Source, String> texts = new EnumMap<>(Source.class);
    for (Source source : Source.values()) {
      texts.put(
          source,
          LOOK.replace("{source}", source.sql)
              .replace("{order}", order)
              .replace("{back}", back)
              .replace("{beyond}", beyond));
    }
    return texts;
  }

  /**
   * At most one more than the window holds, unless it takes a look elsewhere to know whether a
   * candidate is one that is asked for.
   */
  Future<Looked<Candidate, DeliveryId>> find(
      long tenantId, Filter filter, Window window, Source source) {
    int limit = filter.asksHowItStands() ? LOOK_UP_REACH : window.limit() + 1;
    int reach = filter.isNone() ? limit : filter.asksHowItStands() ? LOOK_UP_REACH : REACH;
    Tuple values =
        Tuple.of(tenantId, window.lowestEvent(), window.highestEvent())
            .addLong(window.from().eventId())
            .addLong(window.from().endpointId())
            .addLong(filter.endpointId().orElse(null))
            .addString(filter.eventType().orElse(null))
            .addInteger(reach)
            .addInteger(limit);
    Map<Source, String> texts = window.oldestFirst() ? OLDEST_FIRST : NEWEST_FIRST;
    return database
        .pool()
        .preparedQuery(texts.get(source))
        .execute(values)
        .map(rows -> looked(rows, reach));
  }

  /** Every delivery of a lower event that is not over is among the deferred ones. */
  Future<Long> settledBelow() {
    return database
        .pool()
        .preparedQuery(SETTLED_BELOW)
        .execute()
        .map(rows -> rows.iterator().next().getLong(0));
  }

  private static Looked<Candidate, DeliveryId> looked(RowSet<Row> rows, int reach) {
    List<Candidate> found =
        rows.stream()
            .filter(row -> row.getLong("event_id") != null)
            .map(
                row ->
                    candidate(
                        new DeliveryId(row.getLong("event_id"), row.getLong("endpoint_id")), row))
            .toList();
    Optional<DeliveryId> edge =
        rows.stream()
            .limit(1)
            .filter(row -> row.getLong("looked") >= reach)
            .map(row -> new DeliveryId(row.getLong("edge_event"), row.getLong("edge_endpoint")))
            .findFirst();
    return new Looked<>(found, edge);
  }

  /** From a row with the type of the event and the destination that it brought. */
  static Candidate candidate(DeliveryId id, Row row) {
    return new Candidate(
        id,
        row.getString("type"),
        DirectTarget.is(id.endpointId())
            ? Optional.ofNullable(row.getString("direct_url"))
            : Optional.empty());
  }

  /**
   * A delivery that is there, whatever became of it.
   *
   * @param directUrl where it goes, if its event brought the destination itself
   */
  record Candidate(DeliveryId id, String eventType, Optional<String> directUrl) {}

  /** Where deliveries are found. */
  enum Source {
    EVENTS(OF_EVENTS),
    EVENTS_TO_ENDPOINT(OF_EVENTS_TO_ENDPOINT),
    TROUBLE_OF_ALL(TROUBLE.replace("{endpoint}", "$6::bigint IS NULL")),
    TROUBLE_OF_ENDPOINT(TROUBLE.replace("{endpoint}", "endpoint_id = $6")),
    WAITING(DEFERRED);

    private final String sql;

    Source(String sql) {
      this.sql = sql;
    }

    static Source of(Filter filter) {
      boolean ofEndpoint = filter.endpointId().isPresent();
      if (filter.isOfTrouble()) {
        return ofEndpoint ? TROUBLE_OF_ENDPOINT : TROUBLE_OF_ALL;
      }
      return ofEndpoint ? EVENTS_TO_ENDPOINT : EVENTS;
    }
  }
}
