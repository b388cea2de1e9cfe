package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.OptionalInt;

/** Who is alive, and from where on a dead node's events must be looked through. */
public final class NodeTable {
  private static final String REJOIN =
      """
      UPDATE node SET epoch = epoch + 1, live = true, entering = true, heartbeat_at = now(),
        settled_below = GREATEST(settled_below, (SELECT coalesce(max(id), 0) FROM event))
      WHERE id = (SELECT id FROM node WHERE NOT live ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
      RETURNING id, epoch, settled_below,
        (SELECT count(*) FROM node WHERE live)::integer + 1 AS live_nodes
      """;

  private static final String JOIN =
      """
      INSERT INTO node (id, epoch, live, entering, heartbeat_at, settled_below)
      SELECT (SELECT coalesce(max(id) + 1, 0) FROM node), 1, true, true, now(),
        (SELECT coalesce(max(id), 0) FROM event)
      ON CONFLICT DO NOTHING
      RETURNING id, epoch, settled_below,
        (SELECT count(*) FROM node WHERE live)::integer + 1 AS live_nodes
      """;

  private static final String HEARTBEAT =
      """
      UPDATE node SET heartbeat_at = now(), settled_below = GREATEST(settled_below, $3)
      WHERE id = $1 AND epoch = $2 AND live
      RETURNING (SELECT count(*) FROM node WHERE live)::integer AS live_nodes
      """;

  private static final String LEAVE =
      """
      UPDATE node SET live = false, settled_below = GREATEST(settled_below, $3)
      WHERE id = $1 AND epoch = $2 AND live
      """;

  private static final String OTHERS =
      "SELECT id, epoch, heartbeat_at FROM node WHERE live AND id <> $1";

  /** Only those that append: a survivor that takes the node over holds or awaits the lock alone. */
  private static final String END_SESSIONS =
      """
      SELECT pg_terminate_backend(pid) FROM pg_locks
      WHERE locktype = 'advisory' AND classid = $1::bigint::oid AND objid = $2::bigint::oid
        AND mode = 'ShareLock'
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
      """;

  private static final String BURY =
      """
      UPDATE node SET epoch = epoch + 1, live = false
      WHERE id = $1 AND epoch = $2 AND live AND heartbeat_at = $3 RETURNING settled_below
      """;

  private static final String FREE_LEASES =
      "UPDATE deferred SET leased_by = NULL, leased_until = NULL WHERE leased_by = $1";

  private static final String FREE_OWN_LEASES =
      FREE_LEASES + " AND EXISTS (SELECT 1 FROM node WHERE id = $1 AND epoch = $2 AND live)";

  private final Database database;

  public NodeTable(Database database) {
    this.database = database;
  }

  /** Takes the lowest free number. */
  public Future<Membership> join() {
    return database
        .pool()
        .preparedQuery(REJOIN)
        .execute()
        .compose(
            rows ->
                rows.size() == 1
                    ? Future.succeededFuture(rows)
                    : database.pool().preparedQuery(JOIN).execute())
        .compose(
            rows ->
                rows.size() == 1
                    ? enter(membership(rows))
                    // Another node took the same number at the same moment.
                    : join());
  }

  /** Fixes the lowest id, which the feeds wait for; see {@link CommitHorizon}. */
  private Future<Membership> enter(Membership joined) {
    return database
        .pool()
        .preparedQuery(CommitHorizon.ENTER)
        .execute(Tuple.of((short) joined.fence.node(), joined.fence.epoch()))
        .compose(
            rows ->
                rows.size() == 1
                    ? Future.succeededFuture(
                        new Membership(
                            joined.fence, rows.iterator().next().getLong(0), joined.liveNodes))
                    // It took so long that another node has buried this one.
                    : join());
  }

  /**
   * Renews the lease and moves the watermark.
   *
   * @param own a connection that nothing else uses, so that a busy pool cannot cost the lease
   * @return how many nodes are alive with this one, which share what is limited; empty if this one
   *     was taken over
   */
  public Future<OptionalInt> heartbeat(HeldConnection own, Fence fence, long settledBelow) {
    return own.run(HEARTBEAT, Tuple.of((short) fence.node(), fence.epoch(), settledBelow))
        .map(
            rows ->
                rows.rowCount() == 1
                    ? OptionalInt.of(rows.iterator().next().getInteger(0))
                    : OptionalInt.empty());
  }

  /**
   * Gives the lease back after a clean stop. Only when nothing is left to recover: everything that
   * the node accepted is settled.
   */
  public Future<Boolean> leave(Fence fence, long settledBelow) {
    return database
        .pool()
        .preparedQuery(FREE_OWN_LEASES)
        .execute(Tuple.of((short) fence.node(), fence.epoch()))
        .compose(freed -> update(LEAVE, fence, settledBelow));
  }

  private Future<Boolean> update(String sql, Fence fence, long settledBelow) {
    return database
        .pool()
        .preparedQuery(sql)
        .execute(Tuple.of((short) fence.node(), fence.epoch(), settledBelow))
        .map(rows -> rows.rowCount() == 1);
  }

  /** The nodes that are alive as far as the table says, but for this one. */
  public Future<List<Sighting>> others(int self) {
    return database
        .pool()
        .preparedQuery(OTHERS)
        .execute(Tuple.of((short) self))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new Sighting(
                                new Fence(row.getShort("id"), row.getLong("epoch")),
                                row.getOffsetDateTime("heartbeat_at")))
                    .toList());
  }

  /**
   * Ends a dead node: its sessions, its epoch, its leases; and turns what it left unsettled into
   * deferred rows that are due now.
   *
   * @return how many deliveries were recovered; empty if another survivor was quicker or is at it,
   *     or if the node has given a sign of life since it was seen
   */
  public Future<OptionalInt> takeOver(Sighting dead) {
    return database.recoveries().withTransaction(tx -> takeOver(tx, dead));
  }

  /**
   * A recovery may take long; a lock that is not free soon is held by a zombie that came back. A
   * survivor that is cut off in between must not keep the others out for ever.
   */
  private static Future<OptionalInt> takeOver(SqlConnection tx, Sighting dead) {
    return tx.query(
            "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = '2s';"
                + " SET LOCAL idle_in_transaction_session_timeout = '10s'")
        .execute()
        .compose(
            set ->
                tx.preparedQuery("SELECT pg_try_advisory_xact_lock($1, $2)")
                    .execute(Tuple.of(Fence.TAKEOVER_CLASS, dead.fence.node())))
        .compose(
            tried ->
                tried.iterator().next().getBoolean(0)
                    ? bury(tx, dead)
                    : Future.succeededFuture(OptionalInt.empty()));
  }

  /**
   * First of all the row, which from then on holds up heartbeats: a node that is heard of after all
   * keeps its sessions, and one whose sessions have ended is not heard of again.
   */
  private static Future<OptionalInt> bury(SqlConnection tx, Sighting dead) {
    int node = dead.fence.node();
    return tx.preparedQuery(BURY)
        .execute(Tuple.of((short) node, dead.fence.epoch(), dead.heartbeatAt))
        .compose(
            buried ->
                buried.size() == 0
                    ? Future.succeededFuture(OptionalInt.empty())
                    : endSessions(tx, node)
                        .compose(ended -> inherit(tx, node, buried.iterator().next().getLong(0)))
                        .map(OptionalInt::of));
  }

  private static Future<?> endSessions(SqlConnection tx, int node) {
    return tx.preparedQuery(END_SESSIONS)
        .execute(Tuple.of((long) Fence.LOCK_CLASS, (long) node))
        .compose(
            ended ->
                tx.preparedQuery("SELECT pg_advisory_xact_lock($1, $2)")
                    .execute(Tuple.of(Fence.LOCK_CLASS, node)));
  }

  private static Future<Integer> inherit(SqlConnection tx, int node, long settledBelow) {
    return tx.preparedQuery(FREE_LEASES)
        .execute(Tuple.of((short) node))
        .compose(
            freed ->
                tx.preparedQuery(Recovery.OF_NODE).execute(Tuple.of(settledBelow, (long) node)))
        .map(RowSet::rowCount);
  }

  private static Membership membership(RowSet<Row> rows) {
    Row row = rows.iterator().next();
    return new Membership(
        new Fence(row.getShort("id"), row.getLong("epoch")),
        row.getLong("settled_below"),
        row.getInteger("live_nodes"));
  }

  /**
   * A node's place in the cluster.
   *
   * @param floor every id that was made under this node's number is at most this one
   * @param liveNodes how many were alive when it joined, itself included
   */
  public record Membership(Fence fence, long floor, int liveNodes) {}

  /**
   * A node as it was seen alive.
   *
   * @param heartbeatAt by the database's clock, which may leap: only good to tell one heartbeat
   *     from the next
   */
  public record Sighting(Fence fence, OffsetDateTime heartbeatAt) {}
}
