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
import java.util.concurrent.TimeUnit;
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

  /** Names of locks, among those of the nodes: who drops partitions, and who makes some. */
  private static final int DROPPING = -1;

  private static final int MAKING = -2;
  private static final long ASK_AGAIN_MILLIS = 100;

  /**
   * A drop that waits for somebody's transaction is given up, and tried again in the next round.
   */
  private static final Duration DROP_PATIENCE = Duration.ofMinutes(1);

  /** Longer, since the end of a drop that was given up before keeps others from attaching. */
  private static final Duration MAKE_PATIENCE = DROP_PATIENCE.multipliedBy(2);

  /**
   * Of a round, or of making what is missing: a connection that has died in silence must not keep
   * the next one from coming. What is cut short goes on then.
   */
  private static final Duration LONGEST_ROUND = Duration.ofMinutes(50);

  /** A server that is silent does not say either that a connection is closed. */
  private static final long CLOSE_SECONDS = 5;

  /** Attempts stay a little longer than their events, for deliveries that are still under way. */
  private static final Duration ATTEMPT_GRACE = Duration.ofDays(1);

  /** Between two statements of a round. */
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

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
  private final Duration dropPatience;
  private final Duration longestRound;

  public Partitions(Database database, RetentionSettings settings, Clock clock) {
    this(database, settings, clock, DROP_PATIENCE, LONGEST_ROUND);
  }

  Partitions(
      Database database,
      RetentionSettings settings,
      Clock clock,
      Duration dropPatience,
      Duration longestRound) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
    this.dropPatience = dropPatience;
    this.longestRound = longestRound;
  }

  /**
   * Makes what will be needed; before the first event and from time to time. Waits for nobody when
   * nothing is missing, and never for a drop that hangs.
   */
  public Future<Void> makeAhead() {
    return onItsOwn(
        MAKE_PATIENCE,
        open ->
            isComplete(open)
                .compose(
                    complete ->
                        complete
                            ? Future.succeededFuture()
                            : waitToMake(open).compose(mine -> makeAhead(open))));
  }

  /** Makes what will be needed and drops what is over, unless another node is at it. */
  public Future<Void> maintain() {
    return makeAhead()
        .compose(
            made ->
                onItsOwn(
                    dropPatience,
                    open ->
                        lock(open, DROPPING)
                            .compose(mine -> mine ? dropOld(open) : Future.succeededFuture())));
  }

  /**
   * The locks that are taken end with the connection; also if the network has swallowed that, since
   * a session with nothing to do is ended by the server.
   */
  private Future<Void> onItsOwn(Duration patience, Function<PgConnection, Future<Void>> work) {
    HeldConnection held =
        database.hold(
            open ->
                open.query(
                        "SET statement_timeout = %d; SET idle_session_timeout = %d"
                            .formatted(patience.toMillis(), LONGEST_PAUSE.toMillis()))
                    .execute()
                    .mapEmpty());
    return held.connection()
        .compose(work)
        .timeout(longestRound.toMillis(), TimeUnit.MILLISECONDS)
        .eventually(() -> held.close().timeout(CLOSE_SECONDS, TimeUnit.SECONDS).otherwiseEmpty());
  }

  private static Future<Boolean> lock(PgConnection open, int key) {
    return open.preparedQuery("SELECT pg_try_advisory_lock($1, $2)")
        .execute(Tuple.of(Fence.LOCK_CLASS, key))
        .map(rows -> rows.iterator().next().getBoolean(0));
  }

  private Future<Void> waitToMake(PgConnection open) {
    return lock(open, MAKING)
        .compose(
            mine -> {
              if (mine) {
                return Future.succeededFuture();
              }
              LOG.info("Another node is making partitions; waiting until it is done");
              return askAgain(open);
            });
  }

  /** Who waited inside PostgreSQL would hold a snapshot, and drops wait for those to end. */
  private Future<Void> askAgain(PgConnection open) {
    return database
        .vertx()
        .timer(ASK_AGAIN_MILLIS)
        .compose(fired -> lock(open, MAKING))
        .compose(mine -> mine ? Future.succeededFuture() : askAgain(open));
  }

  private Future<Boolean> isComplete(PgConnection open) {
    return PartitionRange.list(open, "event")
        .compose(
            events ->
                PartitionRange.list(open, "attempt")
                    .map(attempts -> missing(events).isEmpty() && missing(attempts).isEmpty()));
  }

  private Future<Void> makeAhead(PgConnection open) {
    return makeAhead(open, "event").compose(made -> makeAhead(open, "attempt"));
  }

  private Future<Void> dropOld(PgConnection open) {
    return now(open)
        .map(now -> now.minus(Duration.ofDays(settings.days())))
        .compose(kept -> dropOld(open, kept));
  }

  /** The lesser of two clocks: one that is wrong must not empty the tables of everybody. */
  private Future<Instant> now(PgConnection open) {
    return DatabaseTime.millis(open)
        .map(theirs -> Instant.ofEpochMilli(Math.min(theirs, clock.millis())));
  }

  private static Future<Void> dropOld(PgConnection open, Instant kept) {
    PastRetention old = new PastRetention(open);
    return old.drop("event", lowestAt(kept))
        .compose(dropped -> old.drop("attempt", lowestAt(kept.minus(ATTEMPT_GRACE))))
        .compose(dropped -> open.query("SET statement_timeout = 0").execute())
        .compose(patient -> old.forget(lowestAt(kept)));
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

  /**
   * All in one transaction, or a drop would find a partition that belongs nowhere. The lock comes
   * first: it alone is waited for without a snapshot, see {@link #askAgain}.
   */
  private static Future<Void> make(PgConnection open, String table, PartitionRange range) {
    String name = table + "_" + range.day();
    return open.query(
            """
            LOCK TABLE %1$s IN SHARE UPDATE EXCLUSIVE MODE;
            CREATE TABLE IF NOT EXISTS %2$s (LIKE %1$s INCLUDING ALL) WITH (%3$s);
            ALTER TABLE %1$s ATTACH PARTITION %2$s FOR VALUES FROM (%4$d) TO (%5$d)
            """
                .formatted(table, name, APPEND_ONLY, range.low(), range.high()))
        .execute()
        .mapEmpty();
  }

  private static long lowestAt(Instant time) {
    return IdGenerator.lowestAt(time.toEpochMilli());
  }
}
