package dev.posthaste.store;

import io.vertx.core.AsyncResult;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Transaction;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * One connection that its owner keeps, so that statements are pipelined and prepared once. Belongs
 * to one event loop. A lost connection fails what was under way; the next statement opens another.
 */
public final class HeldConnection {
  private final Vertx vertx;
  private final PgConnectOptions options;
  private final long patienceMillis;
  private final Function<PgConnection, Future<Void>> onConnect;
  private Future<PgConnection> current;
  private boolean closed;

  HeldConnection(
      Vertx vertx,
      PgConnectOptions options,
      long patienceMillis,
      Function<PgConnection, Future<Void>> onConnect) {
    this.vertx = vertx;
    this.options = options;
    this.patienceMillis = patienceMillis;
    this.onConnect = onConnect;
  }

  /**
   * Runs one statement, in order with the ones before it.
   *
   * <p>Fails with an {@link UnsentException} if no connection can be opened, unless the owner's
   * check says why; and with a {@link TimeoutException} if the server answers nothing at all for
   * longer than a statement may take. Then the connection is given up: the network may have
   * swallowed it without a word. So is one that may only read: it would stay so after a failover.
   *
   * @param sql constant text: it is prepared once and kept
   */
  public Future<RowSet<Row>> run(String sql, Tuple values) {
    Future<PgConnection> used = connection();
    Promise<RowSet<Row>> answer = Promise.promise();
    long timer = vertx.setTimer(patienceMillis, fired -> giveUp(used, answer));
    used.recover(e -> Future.failedFuture(unsent(e)))
        .compose(open -> open.preparedQuery(sql).execute(values))
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              end(used, done, answer);
            });
    return answer.future();
  }

  /**
   * Runs work in a transaction of its own; it fails as {@link #run} does, and is then rolled back.
   * Nothing else may use the connection meanwhile.
   *
   * @param work uses the connection that it is given, and no other
   */
  public <T> Future<T> transaction(Function<PgConnection, Future<T>> work) {
    Future<PgConnection> used = connection();
    Promise<T> answer = Promise.promise();
    long timer = vertx.setTimer(patienceMillis, fired -> giveUp(used, answer));
    used.recover(e -> Future.failedFuture(unsent(e)))
        .compose(open -> open.begin().compose(begun -> within(begun, work.apply(open))))
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              end(used, done, answer);
            });
    return answer.future();
  }

  private static <T> Future<T> within(Transaction begun, Future<T> work) {
    return work.compose(
        value -> begun.commit().map(value),
        e -> begun.rollback().transform(ended -> Future.failedFuture(e)));
  }

  private <T> void end(Future<PgConnection> used, AsyncResult<T> done, Promise<T> answer) {
    if (done.succeeded()) {
      answer.tryComplete(done.result());
      return;
    }
    if (StoreTrouble.isReadOnly(done.cause())) {
      giveUp(used);
    }
    answer.tryFail(done.cause());
  }

  private void giveUp(Future<PgConnection> used) {
    forget(used);
    used.onSuccess(PgConnection::close);
  }

  private void giveUp(Future<PgConnection> used, Promise<?> answer) {
    giveUp(used);
    answer.tryFail(new TimeoutException("PostgreSQL does not answer"));
  }

  private static Throwable unsent(Throwable cause) {
    return cause instanceof FencedException ? cause : new UnsentException(cause);
  }

  /** The open connection, for a transaction of several statements. */
  public Future<PgConnection> connection() {
    if (closed) {
      return Future.failedFuture("the connection is closed");
    }
    if (current == null) {
      Future<PgConnection> opening = open();
      current = opening;
      opening
          .onSuccess(open -> open.closeHandler(v -> forget(opening)))
          .onFailure(e -> forget(opening));
    }
    return current;
  }

  /** Closes it for good; statements under way fail. */
  public Future<Void> close() {
    closed = true;
    Future<PgConnection> last = current;
    current = null;
    return last == null
        ? Future.succeededFuture()
        : last.compose(PgConnection::close).otherwiseEmpty();
  }

  private Future<PgConnection> open() {
    return Future.<Void>succeededFuture()
        .compose(v -> PgConnection.connect(vertx, options))
        .compose(
            open ->
                onConnect
                    .apply(open)
                    .map(open)
                    .recover(e -> open.close().transform(v -> Future.failedFuture(e))));
  }

  /** Only this one: another may have been opened since. */
  private void forget(Future<PgConnection> lost) {
    if (current == lost) {
      current = null;
    }
  }
}
