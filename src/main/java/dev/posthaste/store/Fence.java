package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/**
 * Makes sure that nobody writes events in the name of a node that was taken over.
 *
 * <p>Every connection that appends events holds a shared advisory lock on its node's number for as
 * long as it lives, and looks at the epoch after it has the lock. Who takes a node over ends those
 * connections and takes the lock alone before anybody sees the epoch raised: what the node had in
 * flight is then either committed, and seen by the recovery, or gone. This costs nothing per
 * statement.
 *
 * @param node the node's number
 * @param epoch the epoch in which it joined
 */
public record Fence(int node, long epoch) {
  /** Lets nothing pass: for what appends no events. */
  static final Fence OF_NOBODY = new Fence(-1, 0);

  /** Names our advisory locks; the second half of each lock's key is the node. */
  static final int LOCK_CLASS = 0x706f7374;

  /** Names the locks of those who take a node over: one at a time. */
  static final int TAKEOVER_CLASS = 0x706f7362;

  /** Names the locks of those who claim ordered deliveries; the second half is of a key. */
  static final int ORDER_CLASS = 0x706f736f;

  /**
   * To be run in a transaction that appends a few events, on any connection. Fails if the node was
   * taken over.
   */
  Future<Void> passInside(SqlConnection tx) {
    return tx.preparedQuery("SELECT pg_advisory_xact_lock_shared($1, $2)")
        .execute(Tuple.of(LOCK_CLASS, node))
        .compose(locked -> check(tx));
  }

  /** To be run on a new connection before it appends. Fails if the node was taken over. */
  public Future<Void> pass(PgConnection connection) {
    return connection
        .preparedQuery("SELECT pg_advisory_lock_shared($1, $2)")
        .execute(Tuple.of(LOCK_CLASS, node))
        .compose(locked -> check(connection));
  }

  /** After the lock is held: whoever takes the node over waits for it. */
  private Future<Void> check(SqlConnection connection) {
    return connection
        .preparedQuery("SELECT 1 FROM node WHERE id = $1 AND epoch = $2 AND live")
        .execute(Tuple.of((short) node, epoch))
        .compose(
            rows ->
                rows.size() == 1
                    ? Future.succeededFuture()
                    : Future.failedFuture(new FencedException(node, epoch)));
  }
}
