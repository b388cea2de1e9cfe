package dev.posthaste.store;

import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.Payload;
import dev.posthaste.event.TraceContext;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Reads accepted events. For any event loop. */
public final class EventStore {
  private static final String FIND = "SELECT * FROM event WHERE tenant_id = $1 AND id = $2";

  private static final String BY_KEY =
      "SELECT event_id AS id FROM event_key WHERE tenant_id = $1 AND key = $2";

  /**
   * No index has the keys of events, so this one looks at those that were accepted around a time:
   * $3 is the lowest id of then. Publishers tell of what has happened, so most of the look goes on
   * from there, and a little of it back, for clocks that differ.
   */
  private static final String BY_KEY_AROUND =
      """
      SELECT id FROM (
        (SELECT id, key FROM event WHERE tenant_id = $1 AND id >= $3 ORDER BY id LIMIT 20000)
        UNION ALL
        (SELECT id, key FROM event WHERE tenant_id = $1 AND id < $3 ORDER BY id DESC LIMIT 2000)) e
      WHERE key = $2 ORDER BY id DESC LIMIT 1
      """;

  private final Database database;

  public EventStore(Database database) {
    this.database = database;
  }

  /** The event, unless it is another tenant's, past its retention, or was never there. */
  public Future<Optional<Event>> find(long tenantId, long id) {
    return database
        .pool()
        .preparedQuery(FIND)
        .execute(Tuple.of(tenantId, id))
        .map(found -> found.stream().map(EventStore::event).findFirst());
  }

  /**
   * The event that a publisher's own id stands for, for as long as repeats of it are recognised.
   */
  public Future<Optional<Long>> idOf(long tenantId, String key) {
    return id(BY_KEY, Tuple.of(tenantId, key));
  }

  /**
   * The same, also when repeats are recognised no more: it is looked for among those of the tenant
   * that were accepted around a time.
   *
   * @param millis since 1970
   */
  public Future<Optional<Long>> idOf(long tenantId, String key, long millis) {
    return idOf(tenantId, key)
        .compose(
            known ->
                known.isPresent()
                    ? Future.succeededFuture(known)
                    : id(BY_KEY_AROUND, Tuple.of(tenantId, key, IdGenerator.lowestAt(millis))));
  }

  private Future<Optional<Long>> id(String sql, Tuple values) {
    return database
        .pool()
        .preparedQuery(sql)
        .execute(values)
        .map(rows -> rows.stream().map(row -> row.getLong("id")).findFirst());
  }

  private static Event event(Row row) {
    return new Event(
        row.getLong("id"),
        row.getLong("tenant_id"),
        row.getString("type"),
        row.getLong("occurred_at_ms"),
        Optional.ofNullable(row.getString("resource_id")),
        Optional.ofNullable(row.getString("key")),
        Payload.of(row.getBuffer("data").getBytes()),
        TraceContext.read(row.getString("traceparent"), row.getString("tracestate")),
        List.of(row.getArrayOfLongs("targets")),
        Optional.ofNullable(row.getString("direct_url")),
        DeferredStore.standsFor(row));
  }
}
