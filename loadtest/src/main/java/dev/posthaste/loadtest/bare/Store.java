package dev.posthaste.loadtest.bare;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.function.Function;

/**
 * A row for each event and one for each attempt, and nothing is ever changed: the log of Posthaste
 * without partitions, and with no index but the keys. Two connections for each event loop.
 */
final class Store {
  /** As {@code ingest.flushSpacing} has it. */
  private static final Batches.Pace EVENT_PACE = Batches.Pace.spaced(2);

  /** As {@code delivery.outcomeFlushWait} has it. */
  private static final Batches.Pace ATTEMPT_PACE = Batches.Pace.late(8);

  /** What the partitions of the log have: at full speed its upkeep would never end. */
  private static final String UPKEEP =
      "autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000000, "
          + "autovacuum_analyze_scale_factor = 1";

  private static final String TABLES =
      """
      CREATE TABLE event (
        id bigint PRIMARY KEY, type text NOT NULL, occurred_at_ms bigint NOT NULL,
        data bytea NOT NULL, targets bigint[] NOT NULL) WITH (%1$s);
      CREATE TABLE attempt (
        event_id bigint NOT NULL, endpoint_id bigint NOT NULL, attempt_no integer NOT NULL,
        http_status smallint NOT NULL, latency_us integer NOT NULL, at_ms bigint NOT NULL,
        PRIMARY KEY (event_id, endpoint_id, attempt_no)) WITH (%1$s);
      """
          .formatted(UPKEEP);

  private static final String EVENTS =
      """
      INSERT INTO event (id, type, occurred_at_ms, data, targets)
      SELECT unnest($1::bigint[]), unnest($2::text[]), unnest($3::bigint[]), unnest($4::bytea[]),
             unnest($5::text[])::bigint[]
      """;

  private static final String ATTEMPTS =
      """
      INSERT INTO attempt (event_id, endpoint_id, attempt_no, http_status, latency_us, at_ms)
      SELECT unnest($1::bigint[]), unnest($2::bigint[]), 1, unnest($3::smallint[]),
             unnest($4::integer[]), unnest($5::bigint[])
      """;

  private final Batches<Event> events;
  private final Batches<Attempt> attempts;

  private Store(Vertx vertx, PgConnection forEvents, PgConnection forAttempts) {
    this.events =
        new Batches<>(
            vertx, EVENT_PACE, batch -> forEvents.preparedQuery(EVENTS).execute(eventRows(batch)));
    this.attempts =
        new Batches<>(
            vertx,
            ATTEMPT_PACE,
            batch -> forAttempts.preparedQuery(ATTEMPTS).execute(attemptRows(batch)));
  }

  record Event(
      long id, String type, long atMillis, Buffer data, List<Addressees.Addressee> targets) {
    private String targetText() {
      StringBuilder text = new StringBuilder("{");
      for (Addressees.Addressee target : targets) {
        text.append(text.length() == 1 ? "" : ",").append(target.id());
      }
      return text.append('}').toString();
    }
  }

  /** A delivery that was answered, with whatever status. */
  record Attempt(long eventId, long endpointId, int status, int latencyMicros, long atMillis) {}

  /** Makes the tables. */
  static Future<Void> create(Vertx vertx, PgConnectOptions options) {
    return PgConnection.connect(vertx, options)
        .compose(open -> open.query(TABLES).execute().eventually(open::close).<Void>mapEmpty());
  }

  /** For the event loop that calls. */
  static Future<Store> open(Vertx vertx, PgConnectOptions options) {
    Future<PgConnection> forEvents = PgConnection.connect(vertx, options);
    Future<PgConnection> forAttempts = PgConnection.connect(vertx, options);
    return Future.all(forEvents, forAttempts)
        .map(both -> new Store(vertx, forEvents.result(), forAttempts.result()));
  }

  /** Completes after the commit. */
  Future<Void> add(Event event) {
    return events.add(event);
  }

  /** Completes after the commit. */
  Future<Void> add(Attempt attempt) {
    return attempts.add(attempt);
  }

  private static Tuple eventRows(List<Event> batch) {
    int size = batch.size();
    return Tuple.of(
        column(batch, Event::id, new Long[size]),
        column(batch, Event::type, new String[size]),
        column(batch, Event::atMillis, new Long[size]),
        column(batch, Event::data, new Buffer[size]),
        column(batch, Event::targetText, new String[size]));
  }

  private static Tuple attemptRows(List<Attempt> batch) {
    int size = batch.size();
    return Tuple.of(
        column(batch, Attempt::eventId, new Long[size]),
        column(batch, Attempt::endpointId, new Long[size]),
        column(batch, attempt -> (short) attempt.status(), new Short[size]),
        column(batch, Attempt::latencyMicros, new Integer[size]),
        column(batch, Attempt::atMillis, new Long[size]));
  }

  private static <T, C> C[] column(List<T> rows, Function<T, C> value, C[] column) {
    for (int i = 0; i < column.length; i++) {
      column[i] = value.apply(rows.get(i));
    }
    return column;
  }
}
