package dev.posthaste.store;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.store.FencedTransactions.Running;
import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The transactions of one node that may append events outside of a commit group: under way, or in
 * doubt. {@link CommitHorizon} must not pass their events. Thread-safe.
 */
final class OpenTransactions {
  private static final long PAUSE_MILLIS = 1_000;

  private final Vertx vertx;
  private final FencedTransactions fenced;
  private final IdGenerator ids;
  private final Duration patience;

  /** An id each, made before those of its events. Guarded by this. */
  private final TreeSet<Long> marks = new TreeSet<>();

  /**
   * @param fence held by those that append
   * @param patience after which a transaction whose connection was lost is ended
   */
  OpenTransactions(Database database, Fence fence, IdGenerator ids, Duration patience) {
    this.vertx = database.vertx();
    this.fenced = new FencedTransactions(database, fence);
    this.ids = ids;
    this.patience = patience;
  }

  /** Runs a transaction. The ids of its events must be made after this was called. */
  <T> Future<T> run(Supplier<Future<T>> transaction) {
    long mark = open();
    return Future.<Void>succeededFuture()
        .compose(v -> transaction.get())
        .onComplete(ended -> end(mark, ended.cause()));
  }

  private synchronized long open() {
    long mark = ids.next();
    marks.add(mark);
    return mark;
  }

  private void end(long mark, Throwable cause) {
    if (isDoubtful(cause)) {
      fenced.underWay().onComplete(seen -> look(new Doubt(mark, patience), seen));
    } else {
      close(mark);
    }
  }

  /** What the work itself fails with is no doubt: it is rolled back. */
  private static boolean isDoubtful(Throwable cause) {
    return cause != null
        && (cause instanceof PgException || StoreTrouble.isAway(cause))
        && StoreTrouble.isInDoubt(cause);
  }

  /** Until none is left of those that were under way when the doubt arose. */
  private void look(Doubt doubt, AsyncResult<Set<Running>> underWay) {
    if (underWay.succeeded() && doubt.narrow(underWay.result())) {
      close(doubt.mark);
      return;
    }
    Future<Void> ended = doubt.isDue() ? fenced.end(doubt.suspects) : Future.succeededFuture();
    ended.onComplete(
        done ->
            vertx.setTimer(
                PAUSE_MILLIS, timer -> fenced.underWay().onComplete(seen -> look(doubt, seen))));
  }

  private synchronized void close(long mark) {
    marks.remove(mark);
  }

  synchronized boolean isEmpty() {
    return marks.isEmpty();
  }

  /** Every event of these transactions, and of all later ones, has this id or a higher one. */
  synchronized long committedBelow() {
    return marks.isEmpty() ? ids.next() : marks.first();
  }

  /** A transaction may have been committed; which one it was is not known. */
  private static final class Doubt {
    private final long mark;
    private final long dueAtNanos;
    private Set<Running> suspects = Set.of();
    private boolean looked;

    Doubt(long mark, Duration patience) {
      this.mark = mark;
      this.dueAtNanos = System.nanoTime() + patience.toNanos();
    }

    /** Whether none is left. */
    boolean narrow(Set<Running> underWay) {
      suspects =
          looked
              ? suspects.stream().filter(underWay::contains).collect(Collectors.toSet())
              : underWay;
      looked = true;
      return suspects.isEmpty();
    }

    boolean isDue() {
      return System.nanoTime() - dueAtNanos >= 0;
    }
  }
}
