package dev.posthaste.store;

import dev.posthaste.event.IdGenerator;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import java.time.Duration;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * The transactions of one node that may append events outside of a commit group: under way, or in
 * doubt. {@link CommitHorizon} must not pass their events. Thread-safe.
 */
final class OpenTransactions {
  private final Database database;
  private final IdGenerator ids;
  private final Duration certainAfter;

  /** An id each, made before those of its events. Guarded by this. */
  private final TreeSet<Long> marks = new TreeSet<>();

  /**
   * @param certainAfter after which a transaction whose connection was lost has surely ended
   */
  OpenTransactions(Database database, IdGenerator ids, Duration certainAfter) {
    this.database = database;
    this.ids = ids;
    this.certainAfter = certainAfter;
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
      database.vertx().setTimer(Math.max(1, certainAfter.toMillis()), timer -> close(mark));
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
}
