package dev.posthaste.store;

import dev.posthaste.event.Event;
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
