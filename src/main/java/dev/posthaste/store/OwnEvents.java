package dev.posthaste.store;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Event;
import dev.posthaste.event.IdGenerator;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Appends events that Posthaste makes itself, in the transaction of what they tell of. Each comes
 * with a deferred row per target, due now, so it is settled from birth: no watermark has to wait
 * for it, and a crash loses nothing.
 *
 * <p>One per node and epoch, for any event loop: it knows which of these transactions are open, so
 * that the feeds wait for them.
 */
public final class OwnEvents {
  /** $1 to $6: a column of events each, the targets as array literals; $7 trigger, $8 reason. */
  private static final String APPEND =
      """
      WITH given AS (
        SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS tenant_id,
               unnest($3::text[]) AS type, unnest($4::bigint[]) AS occurred_at_ms,
               unnest($5::bytea[]) AS data, unnest($6::text[])::bigint[] AS targets
      ), stored AS (
        INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets)
        SELECT id, tenant_id, type, occurred_at_ms, data, targets FROM given
      )
      INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, reason)
      SELECT id, unnest(targets), 0, now(), $7, $8 FROM given
      """;

  /** $9 trigger, $10 reason. */
  private static final String REVIVE =
      """
      WITH stored AS (
        INSERT INTO event (id, tenant_id, type, occurred_at_ms, resource_id, data, targets, stands_for)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id, targets
      )
      INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, reason)
      SELECT id, unnest(targets), 0, now(), $9, $10 FROM stored
      """;

  private final Fence fence;
  private final IdGenerator ids;
  private final OpenTransactions open;
  private final RecentIds recent = new RecentIds();

  /**
   * @param fence the node that makes the ids of the events
   * @param ids those of that node
   * @param patience after which a transaction whose connection was lost is ended
   */
  public OwnEvents(Database database, Fence fence, IdGenerator ids, Duration patience) {
    this.fence = fence;
    this.ids = ids;
    this.open = new OpenTransactions(database, fence, ids, patience);
  }

  /** For what appends no events: fails if it is given one. */
  static OwnEvents ofNobody(Database database) {
    IdGenerator unused = new IdGenerator(Clock.systemUTC(), 0, 0);
    return new OwnEvents(database, Fence.OF_NOBODY, unused, Duration.ZERO);
  }

  /** Every event that will still be committed here has this id or a higher one. */
  public long committedBelow() {
    return open.committedBelow();
  }

  /**
   * The ids of events that were appended here of late, from this id on; also of some whose
   * transaction failed. All others of this node came through its commit groups.
   */
  public List<Long> recentFrom(long id) {
    return recent.from(id);
  }

  /** No transaction is under way or in doubt. */
  public boolean isIdle() {
    return open.isEmpty();
  }

  /** An id of this node, for a row that tells of something it did by itself. */
  long nextId() {
    return ids.next();
  }

  /** Runs a transaction, which may then append. */
  <T> Future<T> around(Supplier<Future<T>> transaction) {
    return open.run(transaction);
  }

  /**
   * Part of the transaction of {@code tx}, which must run {@link #around} this; nothing to do for
   * an empty list. The events get their ids only here: one made before the transaction could be
   * below what the feeds have read.
   *
   * <p>Fails with a {@link FencedException} if the node was taken over: another may make the same
   * ids.
   */
  Future<Void> append(SqlConnection tx, List<Event> events) {
    if (events.isEmpty()) {
      return Future.succeededFuture();
    }
    requireOpen();
    Long[] made = Columns.longs(events, event -> ids.next());
    recent.add(made);
    Tuple values =
        Tuple.tuple()
            .addValue(made)
            .addValue(Columns.longs(events, Event::tenantId))
            .addValue(Columns.texts(events, Event::type))
            .addValue(Columns.longs(events, Event::occurredAtMillis))
            .addValue(Columns.of(events, Buffer[]::new, e -> Buffer.buffer(e.data().bytes())))
            .addValue(Columns.texts(events, event -> arrayLiteral(event.targets())))
            .addShort((short) Attempt.Trigger.LIVE.number())
            .addShort((short) Deferral.Reason.OURS.number());
    return fence
        .passInside(tx)
        .compose(passed -> tx.preparedQuery(APPEND).execute(values))
        .mapEmpty();
  }

  /**
   * Appends, as {@link #append} does, an event that stands for one that is past its retention, to
   * be delivered as a replay; the future has its id.
   */
  Future<Long> revive(SqlConnection tx, Event event) {
    requireOpen();
    long id = ids.next();
    recent.add(new Long[] {id});
    Tuple values =
        Tuple.tuple()
            .addLong(id)
            .addLong(event.tenantId())
            .addString(event.type())
            .addLong(event.occurredAtMillis())
            .addString(event.resourceId().orElse(null))
            .addBuffer(Buffer.buffer(event.data().bytes()))
            .addValue(event.targets().toArray(Long[]::new))
            .addLong(event.standsFor().getAsLong())
            .addShort((short) Attempt.Trigger.REPLAY.number())
            .addShort((short) Deferral.Reason.REPLAY.number());
    return fence.passInside(tx).compose(passed -> tx.preparedQuery(REVIVE).execute(values)).map(id);
  }

  private void requireOpen() {
    if (open.isEmpty()) {
      throw new IllegalStateException("events of our own outside of their transaction");
    }
  }

  private static String arrayLiteral(List<Long> targets) {
    return targets.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }
}
