package dev.posthaste.store;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.RetentionSettings;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the partitions of the event and attempt logs ahead of time and drops them after the
 * retention. Neither waits for traffic nor makes it wait: a partition is attached and detached,
 * which takes locks that inserts and reads get along with.
 */
public final class Partitions {
  private static final Logger LOG = LoggerFactory.getLogger(Partitions.class);

  /** Attempts stay a little longer than their events, for deliveries that are still under way. */
  private static final Duration ATTEMPT_GRACE = Duration.ofDays(1);

  /**
   * Rows are only ever added, so a vacuum finds nothing to remove: it comes after millions of rows,
   * not after each fifth of the table, which at full load would be every minute.
   */
  private static final String APPEND_ONLY =
      "autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000000, "
          + "autovacuum_analyze_scale_factor = 1";

  private static final String LIST =
      """
      SELECT c.relname AS name, i.inhdetachpending AS pending,
        (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''?(\\d+)'))[1]::bigint AS low,
        (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''?(\\d+)'))[1]::bigint AS high
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = $1::text::regclass ORDER BY low
      """;

  private static final String DETACHED =
      """
      SELECT c.relname AS name FROM pg_class c
      WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
        AND c.relname ~ ('^' || $1 || '_\\d{8}$')
        AND NOT EXISTS (SELECT 1 FROM pg_inherits i WHERE i.inhrelid = c.oid)
      """;

  /** Waits for no append that is using an expired key again: the two would lock each other out. */
  private static final String FORGOTTEN_DEFERRED =
      """
      DELETE FROM deferred WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM deferred WHERE event_id < $1 LIMIT 5000 FOR UPDATE SKIP LOCKED))
      """;

  private static final String EXPIRED_KEYS =
      """
      DELETE FROM event_key WHERE ctid = ANY (ARRAY(
        SELECT ctid FROM event_key WHERE expires_at < now() LIMIT 5000 FOR UPDATE SKIP LOCKED))
      """;

  private final Database database;
  private final RetentionSettings settings;
  private final Clock clock;

  public Partitions(Database database, RetentionSettings settings, Clock clock) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
  }

  /** Makes what will be needed; before the first event and from time to time. */
  public Future<Void> makeAhead() {
    return alone(this::makeAhead);
  }

  /** Makes what will be needed and drops what is over; from time to time. */
  public Future<Void> maintain() {
    return alone(open -> makeAhead(open).compose(made -> dropOld(open)));
  }

  /**
   * One node at a time; the lock ends with the connection. Nodes that start together wait here for
   * as long as it takes.
   */
  private Future<Void> alone(Function<PgConnection, Future<Void>> work) {
    HeldConnection held =
        database.hold(
            open ->
                open.query("SET statement_timeout = 0")
                    .execute()
                    .compose(
                        set ->
                            open.preparedQuery("SELECT pg_advisory_lock($1, -1)")
                                .execute(Tuple.of(Fence.LOCK_CLASS)))
                    .mapEmpty());
    return held.connection().compose(work).eventually(held::close);
  }

  private Future<Void> makeAhead(PgConnection open) {
    return makeAhead(open, "event").compose(made -> makeAhead(open, "attempt"));
  }

  private Future<Void> dropOld(PgConnection open) {
    return drop(open, "event", lowestKept())
        .compose(dropped -> drop(open, "attempt", lowestKept(ATTEMPT_GRACE)))
        .compose(dropped -> forgetDeferred(open))
        .compose(forgotten -> forgetKeys(open))
        .compose(forgotten -> Leftovers.delete(open, lowestKept()));
  }

  private Future<Void> makeAhead(PgConnection open, String table) {
    return list(open, table)
        .compose(
            existing -> {
              Future<Void> chain = Future.succeededFuture();
              for (Range range : missing(existing)) {
                chain = chain.compose(v -> make(open, table, range));
              }
              return chain;
            });
  }

  /** From the end of what is there, so that a changed period never overlaps. */
  private List<Range> missing(List<Range> existing) {
    long period = Duration.ofDays(settings.partitionDays()).toMillis();
    long day = Duration.ofDays(1).toMillis();
    long today = Math.floorDiv(clock.millis(), day) * day;
    long from = existing.isEmpty() ? today - period : IdGenerator.millisOf(existing.getLast().high);
    List<Range> ranges = new ArrayList<>();
    while (from < today + day + settings.partitionsAhead() * period) {
      ranges.add(Range.of(from, from + period));
      from += period;
    }
    return ranges;
  }

  private static Future<Void> make(PgConnection open, String table, Range range) {
    String name = table + "_" + range.day();
    return open.query(
            "CREATE TABLE IF NOT EXISTS %s (LIKE %s INCLUDING ALL) WITH (%s)"
                .formatted(name, table, APPEND_ONLY))
        .execute()
        .compose(
            made ->
                open.query(
                        "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)"
                            .formatted(table, name, range.low, range.high))
                    .execute())
        .mapEmpty();
  }

  private long lowestKept() {
    return lowestKept(Duration.ZERO);
  }

  private long lowestKept(Duration grace) {
    Instant kept = clock.instant().minus(Duration.ofDays(settings.days())).minus(grace);
    return IdGenerator.lowestAt(kept.toEpochMilli());
  }

  private Future<Void> drop(PgConnection open, String table, long lowestKept) {
    return list(open, table)
        .compose(
            existing -> {
              Future<Void> chain = Future.succeededFuture();
              for (Range range : existing) {
                if (range.high <= lowestKept) {
                  chain = chain.compose(v -> detach(open, table, range));
                }
              }
              return chain;
            })
        .compose(detached -> dropDetached(open, table));
  }

  private static Future<Void> detach(PgConnection open, String table, Range range) {
    String name = range.name;
    LOG.atInfo().addKeyValue("partition", name).log("Its retention is over; dropping a partition");
    String mode = range.pending ? "FINALIZE" : "CONCURRENTLY";
    return open.query("ALTER TABLE %s DETACH PARTITION %s %s".formatted(table, name, mode))
        .execute()
        .mapEmpty();
  }

  /** Also those that a crash left between detaching and dropping. */
  private static Future<Void> dropDetached(PgConnection open, String table) {
    return open.preparedQuery(DETACHED)
        .execute(Tuple.of(table))
        .compose(
            rows -> {
              Future<Void> chain = Future.succeededFuture();
              for (Row row : rows) {
                String drop = "DROP TABLE " + row.getString("name");
                chain = chain.compose(v -> open.query(drop).execute().mapEmpty());
              }
              return chain;
            });
  }

  /** Deliveries whose event is gone can never be made. */
  private Future<Void> forgetDeferred(PgConnection open) {
    return open.preparedQuery(FORGOTTEN_DEFERRED)
        .execute(Tuple.of(lowestKept()))
        .compose(
            deleted -> deleted.rowCount() == 0 ? Future.succeededFuture() : forgetDeferred(open));
  }

  private static Future<Void> forgetKeys(PgConnection open) {
    return open.query(EXPIRED_KEYS)
        .execute()
        .compose(deleted -> deleted.rowCount() == 0 ? Future.succeededFuture() : forgetKeys(open));
  }

  private static Future<List<Range>> list(PgConnection open, String table) {
    return open.preparedQuery(LIST)
        .execute(Tuple.of(table))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Range(
                                row.getString("name"),
                                row.getLong("low"),
                                row.getLong("high"),
                                row.getBoolean("pending")))
                    .toList());
  }

  /** Ids from {@code low} to below {@code high}. */
  private record Range(String name, long low, long high, boolean pending) {
    private static final DateTimeFormatter DAY =
        DateTimeFormatter.ofPattern("uuuuMMdd").withZone(ZoneOffset.UTC);

    static Range of(long fromMillis, long toMillis) {
      return new Range("", IdGenerator.lowestAt(fromMillis), IdGenerator.lowestAt(toMillis), false);
    }

    String day() {
      return DAY.format(Instant.ofEpochMilli(IdGenerator.millisOf(low)));
    }
  }
}
