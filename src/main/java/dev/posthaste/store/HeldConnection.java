package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.function.Function;

/**
 * One connection that its owner keeps, so that statements are pipelined and prepared once. Belongs
 * to one event loop. A lost connection fails what was under way; the next statement opens another.
 */
public final class HeldConnection {
  private final Vertx vertx;
  private final PgConnectOptions options;
  private final Function<PgConnection, Future<Void>> onConnect;
  private Future<PgConnection> current;
  private boolean closed;

  HeldConnection(
      Vertx vertx, PgConnectOptions options, Function<PgConnection, Future<Void>> onConnect) {
    this.vertx = vertx;
    this.options = options;
    this.onConnect = onConnect;
  }

  /**
   * Runs one statement, in order with the ones before it.
   *
   * <p>Fails with an {@link UnsentException} if no connection can be opened, unless PostgreSQL or
   * the owner's check says why.
   *
   * @param sql constant text: it is prepared once and kept
   */
  public Future<RowSet<Row>> run(String sql, Tuple values) {
    return connection()
        .recover(e -> Future.failedFuture(unsent(e)))
        .compose(open -> open.preparedQuery(sql).execute(values));
  }

  private static Throwable unsent(Throwable cause) {
    return cause instanceof PgException || cause instanceof FencedException
        ? cause
        : new UnsentException(cause);
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
