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
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * One connection that its owner keeps, so that statements are pipelined and prepared once. Belongs
 * to one event loop. A lost connection fails what was under way; the next statement opens another.
 */
public final class HeldConnection {
  private final Vertx vertx;
  private final PgConnectOptions options;
  private final Bounds bounds;
  private final Function<PgConnection, Future<Void>> onConnect;
  private Future<PgConnection> current;
  private boolean closed;

  HeldConnection(
      Vertx vertx,
      PgConnectOptions options,
      Bounds bounds,
      Function<PgConnection, Future<Void>> onConnect) {
    this.vertx = vertx;
    this.options = options;
    this.bounds = bounds;
    this.onConnect = onConnect;
  }

  /**
   * For how long it waits.
   *
   * @param connectMillis until PostgreSQL has let it in
   * @param patienceMillis for an answer to whatever it says then
   */
  record Bounds(long connectMillis, long patienceMillis) {}

  /**
   * Runs one statement, in order with the ones before it.
   *
   * <p>Fails with an {@link UnsentException} if no connection can be opened, or none in time,
   * unless the owner's check says why: then it is never sent. And with a {@link TimeoutException}
   * if the server answers nothing at all for longer than a statement may take. Then the connection
   * is given up: the network may have swallowed it without a word. So is one that may only read: it
   * would stay so after a failover.
   *
   * @param sql constant text: it is prepared once and kept
   */
  public Future<RowSet<Row>> run(String sql, Tuple values) {
    Future<PgConnection> used = connection();
    Promise<RowSet<Row>> answer = Promise.promise();
    long timer = vertx.setTimer(bounds.patienceMillis, fired -> giveUp(used, answer));
    awaited(used, answer)
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
   * @param work runs its statements one after the other; once it is given up they fail, since what
   *     was sent then would be outside of the transaction
   */
  public <T> Future<T> transaction(Function<Statements, Future<T>> work) {
    Future<PgConnection> used = connection();
    Promise<T> answer = Promise.promise();
    long timer = vertx.setTimer(bounds.patienceMillis, fired -> giveUp(used, answer));
    awaited(used, answer)
        .compose(
            open ->
                open.begin().compose(begun -> within(begun, work.apply(statements(open, answer)))))
        .onComplete(
            done -> {
              vertx.cancelTimer(timer);
              end(used, done, answer);
            });
    return answer.future();
  }

  /** The statements of a transaction. */
  @FunctionalInterface
  public interface Statements {
    /**
     * Runs one.
     *
     * @param sql constant text: it is prepared once and kept
     */
    Future<RowSet<Row>> run(String sql, Tuple values);
  }

  private static Statements statements(PgConnection open, Promise<?> answer) {
    return (sql, values) ->
        answer.future().isComplete()
            ? Future.failedFuture(silence())
            : open.preparedQuery(sql).execute(values);
  }

  /** Fails once it is open if nobody waits for the answer any more: it was said to be unsent. */
  private static Future<PgConnection> awaited(Future<PgConnection> used, Promise<?> answer) {
    return used.recover(e -> Future.failedFuture(unsent(e)))
        .compose(
            open ->
                answer.future().isComplete()
                    ? Future.failedFuture(unsent(silence()))
                    : Future.succeededFuture(open));
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
    boolean sent = used.succeeded();
    giveUp(used);
    answer.tryFail(sent ? silence() : unsent(silence()));
  }

  private static TimeoutException silence() {
    return new TimeoutException("PostgreSQL does not answer");
  }

  private static Exception unsent(Throwable cause) {
    return cause instanceof FencedException fenced ? fenced : new UnsentException(cause);
  }

  /**
   * The open connection itself, for work of several statements. Nothing bounds what is done with
   * it.
   */
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
        .compose(v -> inTime(bounds.connectMillis, connect(), PgConnection::close))
        .compose(
            open ->
                inTime(bounds.patienceMillis, onConnect.apply(open), ready -> {})
                    .map(open)
                    .onFailure(e -> open.close()));
  }

  private Future<PgConnection> connect() {
    return PgConnection.connect(vertx, options);
  }

  /**
   * Neither the startup nor what comes after it has an end of its own if the other side is silent.
   *
   * @param tooLate gets what comes all the same
   */
  private <T> Future<T> inTime(long millis, Future<T> work, Consumer<T> tooLate) {
    Promise<T> answer = Promise.promise();
    long timer = vertx.setTimer(millis, fired -> answer.tryFail(silence()));
    work.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          if (done.failed()) {
            answer.tryFail(done.cause());
          } else if (!answer.tryComplete(done.result())) {
            tooLate.accept(done.result());
          }
        });
    return answer.future();
  }

  /** Only this one: another may have been opened since. */
  private void forget(Future<PgConnection> lost) {
    if (current == lost) {
      current = null;
    }
  }
}
