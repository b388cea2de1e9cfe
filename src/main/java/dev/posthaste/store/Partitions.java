package dev.posthaste.store;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.RetentionSettings;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Makes the partitions of the event and attempt logs ahead of time and drops them after the
 * retention. Neither waits for traffic nor makes it wait: a partition is attached and detached,
 * which takes locks that inserts and reads get along with.
 */
public final class Partitions {
  /** Attempts stay a little longer than their events, for deliveries that are still under way. */
  private static final Duration ATTEMPT_GRACE = Duration.ofDays(1);

  /**
   * Rows are only ever added, so a vacuum finds nothing to remove: it comes after millions of rows,
   * not after each fifth of the table, which at full load would be every minute.
   */
  private static final String APPEND_ONLY =
      "autovacuum_vacuum_insert_scale_factor = 0, autovacuum_vacuum_insert_threshold = 10000000, "
          + "autovacuum_analyze_scale_factor = 1";

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
    PastRetention old = new PastRetention(open);
    return old.drop("event", lowestKept(Duration.ZERO))
        .compose(dropped -> old.drop("attempt", lowestKept(ATTEMPT_GRACE)))
        .compose(dropped -> old.forget(lowestKept(Duration.ZERO)));
  }

  private Future<Void> makeAhead(PgConnection open, String table) {
    return PartitionRange.list(open, table)
        .compose(
            existing -> {
              Future<Void> chain = Future.succeededFuture();
              for (PartitionRange range : missing(existing)) {
                chain = chain.compose(v -> make(open, table, range));
              }
              return chain;
            });
  }

  /** From the end of what is there, so that a changed period never overlaps. */
  private List<PartitionRange> missing(List<PartitionRange> existing) {
    long period = Duration.ofDays(settings.partitionDays()).toMillis();
    long day = Duration.ofDays(1).toMillis();
    long today = Math.floorDiv(clock.millis(), day) * day;
    long from =
        existing.isEmpty() ? today - period : IdGenerator.millisOf(existing.getLast().high());
    List<PartitionRange> ranges = new ArrayList<>();
    while (from < today + day + settings.partitionsAhead() * period) {
      ranges.add(PartitionRange.of(from, from + period));
      from += period;
    }
    return ranges;
  }

  private static Future<Void> make(PgConnection open, String table, PartitionRange range) {
    String name = table + "_" + range.day();
    return open.query(
            "CREATE TABLE IF NOT EXISTS %s (LIKE %s INCLUDING ALL) WITH (%s)"
                .formatted(name, table, APPEND_ONLY))
        .execute()
        .compose(
            made ->
                open.query(
                        "ALTER TABLE %s ATTACH PARTITION %s FOR VALUES FROM (%d) TO (%d)"
                            .formatted(table, name, range.low(), range.high()))
                    .execute())
        .mapEmpty();
  }

  private long lowestKept(Duration grace) {
    Instant kept = clock.instant().minus(Duration.ofDays(settings.days())).minus(grace);
    return IdGenerator.lowestAt(kept.toEpochMilli());
  }
}
