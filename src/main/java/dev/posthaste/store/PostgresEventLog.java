package dev.posthaste.store;

import dev.posthaste.event.Event;
import dev.posthaste.event.OrderedTarget;
import dev.posthaste.event.TraceContext;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The event log in PostgreSQL: one statement, and so one commit, for a batch of any size. */
public final class PostgresEventLog implements EventLog {
  /**
   * Side by side in the select list: PostgreSQL then hands the rows through one by one, and does
   * not lay each array out in a store of its own first as it does for {@code FROM unnest(…)}.
   */
  private static final String GIVEN =
      """
      SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS tenant_id,
             unnest($3::text[]) AS type, unnest($4::bigint[]) AS occurred_at_ms,
             unnest($5::text[]) AS resource_id, unnest($6::text[]) AS key,
             unnest($7::bytea[]) AS data, unnest($8::text[]) AS traceparent,
             unnest($9::text[]) AS tracestate, unnest($10::text[]) AS targets{direct_given}
      """;

  private static final String STORE =
      """
      INSERT INTO event (id, tenant_id, type, occurred_at_ms, resource_id, key, data, traceparent,
                         tracestate, targets{direct_column})
      SELECT id, tenant_id, type, occurred_at_ms, resource_id, key, data, traceparent,
             tracestate, targets::bigint[]{direct_column}
      FROM given
      """;

  private static final String APPEND = plain("WITH given AS (" + GIVEN + ")" + STORE);

  /**
   * A key whose time is over may be used again. Rows are claimed in the order of their keys, so
   * that two batches with the same keys wait for each other and never deadlock.
   */
  private static final String STORE_KEYED =
      "WITH given AS ("
          + GIVEN
          + """
          ), claimed AS (
            INSERT INTO event_key AS k (tenant_id, key, event_id, expires_at)
            SELECT tenant_id, key, id, now() + $11::bigint * interval '1 ms'
            FROM given WHERE key IS NOT NULL ORDER BY tenant_id, key
            ON CONFLICT (tenant_id, key) DO UPDATE
              SET event_id = excluded.event_id, expires_at = excluded.expires_at
              WHERE k.expires_at < now()
            RETURNING event_id
          ), stored AS (
          """
          + STORE
          + """
            WHERE key IS NULL OR id IN (SELECT event_id FROM claimed)
          """;

  private static final String REPEATED =
      """
      )
      SELECT id FROM given
      WHERE key IS NOT NULL AND id NOT IN (SELECT event_id FROM claimed)
      """;

  private static final String APPEND_KEYED = plain(STORE_KEYED + REPEATED);

  /**
   * Ordered targets get their row in the same commit, and in it their place.
   *
   * <p>Places are in the order of acceptance, although two transactions may take theirs in one
   * order and commit in the other. Whoever had a 202 for one event before posting another had the
   * first transaction committed before the second began: its place is lower, and it is seen first.
   * Only events that were posted at the same time can come in either order, and for those none is
   * the right one. It takes a sequence that sessions do not cache.
   */
  private static final String ORDERED =
      STORE_KEYED
          + """
            RETURNING id
          ), placed AS (
            INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, reason, order_key,
                                  order_place)
            SELECT event_id, endpoint_id, 0, now(), 1, 9, order_key, nextval('deferred_order')
            FROM (SELECT * FROM unnest($12::bigint[], $13::bigint[], $14::text[]) WITH ORDINALITY
                    AS u(event_id, endpoint_id, order_key, n)
                  WHERE event_id IN (SELECT id FROM stored) ORDER BY n) o
          """
          + REPEATED;

  private static final String APPEND_ORDERED = plain(ORDERED);

  /** For all that may be when any event of the batch brings a destination, so that it is one. */
  private static final String APPEND_DIRECT =
      ORDERED
          .replace("{direct_given}", ", unnest($15::text[]) AS direct_url")
          .replace("{direct_column}", ", direct_url");

  private static final String ORIGINALS =
      """
      SELECT given.id AS given_id, k.event_id, e.type, e.occurred_at_ms,
             cardinality(e.targets) AS targets
      FROM unnest($1::bigint[], $2::bigint[], $3::text[]) AS given(id, tenant_id, key)
      JOIN event_key k ON k.tenant_id = given.tenant_id AND k.key = given.key
      LEFT JOIN event e ON e.id = k.event_id
      """;

  private final Sessions sessions = new Sessions();
  private final HeldConnection connection;
  private final long keyWindowMillis;

  /**
   * @param fence the node in whose name events are written
   * @param keyWindow for how long a publisher's own id is remembered
   */
  public PostgresEventLog(Database database, Fence fence, Duration keyWindow) {
    this.connection =
        database.hold(open -> sessions.enter(open).compose(known -> fence.pass(open)));
    this.keyWindowMillis = keyWindow.toMillis();
  }

  @Override
  public Future<List<Repeat>> append(List<Event> events, List<OrderedTarget> ordered) {
    if (ordered.isEmpty() && events.stream().allMatch(PostgresEventLog::isPlain)) {
      return connection.run(APPEND, columns(events)).map(List.of());
    }
    return appendKeyed(events, ordered);
  }

  private static String plain(String sql) {
    return sql.replace("{direct_given}", "").replace("{direct_column}", "");
  }

  private static boolean isPlain(Event event) {
    return event.key().isEmpty() && event.directUrl().isEmpty();
  }

  /** Two of one key in a batch: the first is given to PostgreSQL, the others repeat it. */
  private Future<List<Repeat>> appendKeyed(List<Event> events, List<OrderedTarget> ordered) {
    Map<String, Event> first = new HashMap<>();
    List<Event> distinct = new ArrayList<>(events.size());
    List<Event> again = new ArrayList<>();
    for (Event event : events) {
      boolean isFirst =
          event.key().isEmpty() || first.putIfAbsent(tenantAndKey(event), event) == null;
      (isFirst ? distinct : again).add(event);
    }
    return store(distinct, ordered)
        .compose(repeated -> afterCommit(() -> originals(repeated, distinct, ordered)))
        .map(repeats -> withinBatch(repeats, first, again));
  }

  /** Those of events that turn out to be repeats are left out by the statement. */
  private Future<RowSet<Row>> store(List<Event> events, List<OrderedTarget> ordered) {
    Tuple values = columns(events).addLong(keyWindowMillis);
    boolean direct = events.stream().anyMatch(event -> event.directUrl().isPresent());
    if (ordered.isEmpty() && !direct) {
      return connection.run(APPEND_KEYED, values);
    }
    values
        .addValue(Columns.longs(ordered, OrderedTarget::eventId))
        .addValue(Columns.longs(ordered, target -> target.key().endpointId()))
        .addValue(Columns.texts(ordered, target -> target.key().value()));
    return direct
        ? connection.run(
            APPEND_DIRECT,
            values.addValue(Columns.texts(events, event -> event.directUrl().orElse(null))))
        : connection.run(APPEND_ORDERED, values);
  }

  private static List<Repeat> withinBatch(
      List<Repeat> repeats, Map<String, Event> first, List<Event> again) {
    Map<Long, Original> known =
        repeats.stream().collect(Collectors.toMap(Repeat::givenId, Repeat::original));
    List<Repeat> all = new ArrayList<>(repeats);
    for (Event event : again) {
      Event one = first.get(tenantAndKey(event));
      Original original =
          known.getOrDefault(
              one.id(),
              new Original(one.id(), one.type(), one.occurredAtMillis(), one.targets().size()));
      all.add(new Repeat(event.id(), original));
    }
    return all;
  }

  private static String tenantAndKey(Event event) {
    return event.tenantId() + " " + event.key().orElseThrow();
  }

  /** What fails now fails with the events stored, whatever the error says. */
  private static <T> Future<T> afterCommit(Supplier<Future<T>> work) {
    return work.get().recover(e -> Future.failedFuture(new InDoubtException(e)));
  }

  private Future<List<Repeat>> originals(
      RowSet<Row> repeated, List<Event> given, List<OrderedTarget> ordered) {
    Set<Long> ids = repeated.stream().map(row -> row.getLong("id")).collect(Collectors.toSet());
    List<Event> events = given.stream().filter(event -> ids.contains(event.id())).toList();
    if (events.isEmpty()) {
      return Future.succeededFuture(List.of());
    }
    Tuple values =
        Tuple.tuple()
            .addValue(Columns.longs(events, Event::id))
            .addValue(Columns.longs(events, Event::tenantId))
            .addValue(Columns.texts(events, event -> event.key().orElseThrow()));
    return connection.run(ORIGINALS, values).compose(found -> name(found, events, ordered));
  }

  /** A key that was forgotten since its repeat was refused is free: that event is new after all. */
  private Future<List<Repeat>> name(
      RowSet<Row> found, List<Event> events, List<OrderedTarget> ordered) {
    Map<Long, Event> nameless = new LinkedHashMap<>();
    events.forEach(event -> nameless.put(event.id(), event));
    List<Repeat> repeats = new ArrayList<>(events.size());
    for (Row row : found) {
      Event event = nameless.remove(row.getLong("given_id"));
      repeats.add(new Repeat(event.id(), original(row, event)));
    }
    return nameless.isEmpty()
        ? Future.succeededFuture(repeats)
        : appendKeyed(List.copyOf(nameless.values()), ordered)
            .map(more -> Stream.concat(repeats.stream(), more.stream()).toList());
  }

  /** The key may outlive its event; then what the repeat says stands for it. */
  private static Original original(Row row, Event repeat) {
    long id = row.getLong("event_id");
    return row.getString("type") == null
        ? new Original(id, repeat.type(), repeat.occurredAtMillis(), 0)
        : new Original(
            id, row.getString("type"), row.getLong("occurred_at_ms"), row.getInteger("targets"));
  }

  private static Tuple columns(List<Event> events) {
    return Tuple.tuple()
        .addValue(Columns.longs(events, Event::id))
        .addValue(Columns.longs(events, Event::tenantId))
        .addValue(Columns.texts(events, Event::type))
        .addValue(Columns.longs(events, Event::occurredAtMillis))
        .addValue(Columns.texts(events, event -> event.resourceId().orElse(null)))
        .addValue(Columns.texts(events, event -> event.key().orElse(null)))
        .addValue(Columns.of(events, Buffer[]::new, PostgresEventLog::data))
        .addValue(
            Columns.texts(events, event -> event.trace().map(TraceContext::parent).orElse(null)))
        .addValue(
            Columns.texts(events, event -> event.trace().flatMap(TraceContext::state).orElse(null)))
        .addValue(Columns.texts(events, event -> arrayLiteral(event.targets())));
  }

  /** The bytes themselves: the client copies them into its message, and that is enough. */
  private static Buffer data(Event event) {
    return BufferInternal.buffer(Unpooled.wrappedBuffer(event.data().bytes()));
  }

  /** An array of arrays must be rectangular, so each event's targets travel as a literal. */
  private static String arrayLiteral(List<Long> targets) {
    StringJoiner out = new StringJoiner(",", "{", "}");
    for (long target : targets) {
      out.add(Long.toString(target));
    }
    return out.toString();
  }

  @Override
  public Future<Void> recover(List<Long> eventIds) {
    return connection
        .run(Recovery.OF_EVENTS, Tuple.tuple().addValue(Columns.longs(eventIds, id -> id)))
        .mapEmpty();
  }

  @Override
  public Future<Boolean> endLost() {
    return sessions.endOthers(connection);
  }

  @Override
  public Future<Void> close() {
    return connection.close();
  }
}
