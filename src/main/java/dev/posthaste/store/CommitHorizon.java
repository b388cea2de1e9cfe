package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;

/**
 * Below which id no event will ever be added: how far the feeds may read. For any event loop.
 *
 * <p>An id is made before its commit, so a lower id may be committed after a higher one, on another
 * loop or on another node whose clock is behind. A reader that only remembered the highest id it
 * has seen would skip it. Why a reader that stays below the horizon skips nothing:
 *
 * <ol>
 *   <li>Each event loop knows its commits that are under way or in doubt. Its mark is the lowest id
 *       of them, or without any a fresh id, which no later event can undercut: ids of a node only
 *       rise. A commit leaves the mark only after PostgreSQL has answered, or has surely dropped
 *       it.
 *   <li>A node writes the lowest mark of its loops into its row, after that. Whoever sees the mark
 *       therefore sees every event of the node below it. The mark never falls.
 *   <li>The horizon is the lowest mark of all live nodes, in one snapshot. A node whose clock is
 *       behind, or which hangs, holds it back; it is never passed.
 *   <li>A node stops being live only after a clean end with nothing left, or when a survivor holds
 *       its fence alone: its open commits are over by then, and what was committed is visible.
 *   <li>A node that joins is seen as entering before it looks for its lowest id, and while somebody
 *       enters there is no horizon. It then looks at the marks of all nodes, dead ones too. Each
 *       horizon that anybody has ever read was one of those marks, and marks never fall; so the ids
 *       of the newcomer are above all of them, whatever its clock says. Its row gets that mark in
 *       the same statement that ends the entering, so that no horizon can slip past in between.
 * </ol>
 *
 * <p>It costs the append path a queue entry per batch and the database one small update per node
 * and {@code cluster.feedInterval}. So far the feeds lag, and by what the slowest clock of a live
 * node is behind the others. After a crash they stand still until the dead node is taken over.
 *
 * <p>Events that Posthaste makes itself go past the commit groups: {@link OwnEvents} has a mark for
 * them, which counts like that of one more loop. One that is written in any other way is known to
 * no mark, and may be skipped.
 */
public final class CommitHorizon {
  /** $1 node, $2 epoch. To be run as a statement of its own after the one that joined. */
  static final String ENTER =
      """
      UPDATE node SET entering = false,
        committed_below = GREATEST(settled_below, (SELECT max(committed_below) FROM node))
      WHERE id = $1 AND epoch = $2 AND live
      RETURNING committed_below
      """;

  private static final String REPORT =
      """
      UPDATE node SET committed_below = GREATEST(committed_below, $3)
      WHERE id = $1 AND epoch = $2 AND live AND NOT entering
      """;

  private static final String READ =
      """
      SELECT CASE WHEN bool_or(live AND entering) THEN 0
        ELSE coalesce(min(committed_below) FILTER (WHERE live), max(committed_below), 0) END
      FROM node
      """;

  private final Database database;

  public CommitHorizon(Database database) {
    this.database = database;
  }

  /** Every event with a lower id is committed and visible from now on; 0 if that is unknown. */
  public Future<Long> read() {
    return database
        .pool()
        .preparedQuery(READ)
        .execute()
        .map(rows -> rows.iterator().next().getLong(0));
  }

  /** Says that the node has no commit below this id under way, and will have none. */
  public Future<Void> report(Fence fence, long committedBelow) {
    return database
        .pool()
        .preparedQuery(REPORT)
        .execute(Tuple.of((short) fence.node(), fence.epoch(), committedBelow))
        .mapEmpty();
  }
}
