package dev.posthaste.store;

import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Reads the newest events of a tenant that came by way of other nodes. For any event loop. */
public final class EventTail {
  /**
   * $1 tenant, $2 and $3 lowest and highest id, $4 the node to leave out, $5 its events that are
   * read all the same, $6 how many, $7 how many bytes of data may come before the last one. Ids
   * carry the node in ten bits above the twelve of the sequence.
   */
  private static final String READ =
      """
      SELECT id, tenant_id, type, occurred_at_ms, resource_id, data, found FROM (
        SELECT id, tenant_id, type, occurred_at_ms, resource_id, data, count(*) OVER () AS found,
               sum(octet_length(data)) OVER (ORDER BY id) - octet_length(data) AS before
        FROM (
          SELECT id, tenant_id, type, occurred_at_ms, resource_id, data FROM event
          WHERE tenant_id = $1 AND id >= $2 AND id <= $3 AND stands_for IS NULL
            AND (((id >> 12) & 1023) <> $4 OR id = ANY ($5::bigint[]))
          ORDER BY id LIMIT $6) newest) measured
      WHERE before < $7 ORDER BY id
      """;

  private final Database database;
  private final int node;
  private final OwnEvents own;

  /**
   * @param node whose events are left out, since this process knows them
   * @param own those of them that it does not know
   */
  public EventTail(Database database, int node, OwnEvents own) {
    this.database = database;
    this.node = node;
    this.own = own;
  }

  /**
   * Reads a range of ids, both ends included.
   *
   * @param limit of events
   * @param maxBytes of data that may come before the last event
   */
  public Future<Tail> read(long tenantId, long lowest, long highest, int limit, long maxBytes) {
    return database
        .pool()
        .preparedQuery(READ)
        .execute(
            Tuple.of(tenantId, lowest, highest, (long) node)
                .addValue(Columns.longs(own.recentFrom(lowest), id -> id))
                .addInteger(limit + 1)
                .addLong(maxBytes))
        .map(
            rows -> {
              List<Event> events = rows.stream().map(EventTail::event).limit(limit).toList();
              return new Tail(
                  events, rows.stream().allMatch(row -> row.getLong("found") <= events.size()));
            });
  }

  private static Event event(Row row) {
    return new Event(
        row.getLong("id"),
        row.getLong("tenant_id"),
        row.getString("type"),
        row.getLong("occurred_at_ms"),
        Optional.ofNullable(row.getString("resource_id")),
        Optional.empty(),
        Payload.of(row.getBuffer("data").getBytes()),
        Optional.empty(),
        List.of());
  }

  /**
   * What a look found, oldest first.
   *
   * @param events without key, trace and targets
   * @param isWhole whether these are all there are
   */
  public record Tail(List<Event> events, boolean isWhole) {}
}
