package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/**
 * A transaction for what must not be done twice, such as adding to a count. When the word of its
 * commit is lost with the connection, PostgreSQL is asked what became of it, until it says. For any
 * event loop.
 */
final class CertainTransaction {
  private static final String NUMBER = "SELECT pg_current_xact_id()::text";
  private static final String FATE = "SELECT pg_xact_status($1::text::xid8)";
  private static final long ASK_AGAIN_MILLIS = 500;

  private final Database database;

  CertainTransaction(Database database) {
    this.database = database;
  }

  /** Fails only if nothing was changed, so that it may be done again. */
  <T> Future<T> run(Function<SqlConnection, Future<T>> work) {
    AtomicReference<String> number = new AtomicReference<>();
    AtomicReference<T> result = new AtomicReference<>();
    return database
        .pool()
        .withTransaction(
            tx ->
                tx.preparedQuery(NUMBER)
                    .execute()
                    .compose(
                        rows -> {
                          number.set(rows.iterator().next().getString(0));
                          return work.apply(tx);
                        })
                    .onSuccess(result::set))
        .recover(
            e ->
                number.get() == null || !StoreTrouble.isInDoubt(e)
                    ? Future.failedFuture(e)
                    : fate(number.get(), e).map(committed -> result.get()));
  }

  private Future<Void> fate(String number, Throwable cause) {
    return database
        .pool()
        .preparedQuery(FATE)
        .execute(Tuple.of(number))
        .map(rows -> rows.iterator().next().getString(0))
        .transform(
            asked -> {
              if (asked.succeeded() && "committed".equals(asked.result())) {
                return Future.succeededFuture();
              }
              boolean open =
                  asked.succeeded()
                      ? "in progress".equals(asked.result())
                      : StoreTrouble.isAway(asked.cause());
              return open ? askAgain(number, cause) : Future.failedFuture(cause);
            });
  }

  private Future<Void> askAgain(String number, Throwable cause) {
    Promise<Void> promise = Promise.promise();
    database.vertx().setTimer(ASK_AGAIN_MILLIS, timer -> fate(number, cause).onComplete(promise));
    return promise.future();
  }
}
