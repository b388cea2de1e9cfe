package dev.posthaste.store;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.store.DeliveryRecord.State;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Reads accepted events page by page, with how each stands. For any event loop. */
public final class EventPages {
  /** Events that a look for one type goes through. */
  private static final int REACH = 20_000;

  /** Deliveries that are counted for one page; an event with more of them makes a page alone. */
  private static final int MAX_DELIVERIES = 5_000;

  /** $1 tenant, $2 and $3 lowest and highest, $4 type, $5 how many to look at, $6 how many. */
  private static final String LOOK =
      """
      WITH looked AS MATERIALIZED (
        SELECT id, type, occurred_at_ms, resource_id, key, targets FROM event
        WHERE tenant_id = $1 AND id >= $2 AND id <= $3{new} ORDER BY id {order} LIMIT $5
      ), edge AS (SELECT id FROM looked ORDER BY id {back} LIMIT 1)
      SELECT (SELECT count(*) FROM looked) AS looked, edge.id AS edge, m.*
      FROM edge LEFT JOIN LATERAL (
        SELECT id, type, occurred_at_ms, resource_id, key, targets || ARRAY(
          SELECT endpoint_id FROM added_target WHERE event_id = looked.id) AS targets
        FROM looked WHERE $4::text IS NULL OR type = $4
        ORDER BY id {order} LIMIT $6) m ON true
      """;

  private static final String NEWEST_FIRST =
      LOOK.replace("{order}", "DESC").replace("{back}", "ASC").replace("{new}", "");

  /** The feed tells of facts: an event that stands for an earlier one is none. */
  private static final String OLDEST_FIRST =
      LOOK.replace("{order}", "ASC")
          .replace("{back}", "DESC")
          .replace("{new}", " AND stands_for IS NULL");

  /**
   * $3: how many bytes of data may come before the last one. Its size is known without its data.
   */
  private static final String BODIES =
      """
      SELECT id, occurred_at_ms, data FROM (
        SELECT id, occurred_at_ms, data,
               sum(octet_length(data)) OVER (ORDER BY id) - octet_length(data) AS before
        FROM event WHERE tenant_id = $1 AND id = ANY ($2::bigint[])) e
      WHERE before < $3 ORDER BY id
      """;

  private final Database database;
  private final DeliveryStates states;

  public EventPages(Database database) {
    this.database = database;
    this.states = new DeliveryStates(database);
  }

  /** The events of a range; a place in them is the id of an event. */
  public Future<Looked<Summary, Long>> list(long tenantId, Range range) {
    int reach = range.type().isPresent() ? REACH : range.limit() + 1;
    return database
        .pool()
        .preparedQuery(range.oldestFirst() ? OLDEST_FIRST : NEWEST_FIRST)
        .execute(
            Tuple.of(tenantId, range.lowest(), range.highest())
                .addString(range.type().orElse(null))
                .addInteger(reach)
                .addInteger(range.limit() + 1))
        .map(rows -> page(rows, range.limit(), reach))
        .compose(this::count);
  }

  private static Looked<Row, Long> page(RowSet<Row> rows, int limit, int reach) {
    List<Row> found = rows.stream().filter(row -> row.getLong("id") != null).toList();
    int fits = Math.min(limit, fitting(found));
    if (fits < found.size()) {
      return new Looked<>(found.subList(0, fits), Optional.of(found.get(fits - 1).getLong("id")));
    }
    return new Looked<>(
        found,
        rows.stream()
            .limit(1)
            .filter(row -> row.getLong("looked") >= reach)
            .map(row -> row.getLong("edge"))
            .findFirst());
  }

  private static int fitting(List<Row> rows) {
    int deliveries = 0;
    for (int i = 0; i < rows.size(); i++) {
      deliveries += rows.get(i).getArrayOfLongs("targets").length;
      if (deliveries > MAX_DELIVERIES) {
        return Math.max(1, i);
      }
    }
    return rows.size();
  }

  private Future<Looked<Summary, Long>> count(Looked<Row, Long> found) {
    List<DeliveryId> deliveries =
        found.rows().stream()
            .flatMap(
                row ->
                    LongStream.of(targets(row))
                        .mapToObj(target -> new DeliveryId(row.getLong("id"), target)))
            .toList();
    return states
        .count(deliveries)
        .map(
            counts ->
                new Looked<>(
                    found.rows().stream()
                        .map(row -> summary(row, counts.getOrDefault(row.getLong("id"), Map.of())))
                        .toList(),
                    found.stoppedAt()));
  }

  private static long[] targets(Row row) {
    return Arrays.stream(row.getArrayOfLongs("targets")).mapToLong(id -> id).toArray();
  }

  private static Summary summary(Row row, Map<State, Integer> counts) {
    return new Summary(
        row.getLong("id"),
        row.getString("type"),
        row.getLong("occurred_at_ms"),
        Optional.ofNullable(row.getString("resource_id")),
        Optional.ofNullable(row.getString("key")),
        counts);
  }

  /**
   * The data of events, by their ids. The last ones are missing if together they have more bytes
   * than may be; the first one never is.
   */
  public Future<Map<Long, Body>> bodies(long tenantId, List<Long> ids, long maxBytes) {
    return database
        .pool()
        .preparedQuery(BODIES)
        .execute(Tuple.of(tenantId).addValue(Columns.longs(ids, id -> id)).addLong(maxBytes))
        .map(
            rows -> {
              Map<Long, Body> bodies = new HashMap<>();
              for (Row row : rows) {
                bodies.put(
                    row.getLong("id"),
                    new Body(row.getLong("occurred_at_ms"), row.getBuffer("data")));
              }
              return bodies;
            });
  }

  /**
   * Which events.
   *
   * @param lowest included, like the highest
   */
  public record Range(
      long lowest, long highest, boolean oldestFirst, Optional<String> type, int limit) {}

  /**
   * An event without its data.
   *
   * @param key the publisher's own id
   * @param counts how many of its deliveries stand how
   */
  public record Summary(
      long id,
      String type,
      long occurredAtMillis,
      Optional<String> resourceId,
      Optional<String> key,
      Map<State, Integer> counts) {}

  /** What was posted, byte for byte, and when it happened. */
  public record Body(long occurredAtMillis, Buffer data) {}
}
