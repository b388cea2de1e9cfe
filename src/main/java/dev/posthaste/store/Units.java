package dev.posthaste.store;

import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/** Runs work as one transaction. For any event loop. */
public final class Units {
  private final Database database;
  private final OwnEvents own;

  /** For work that appends no events of our own. */
  public Units(Database database) {
    this(database, OwnEvents.ofNobody(database));
  }

  /**
   * @param own what appends events on this node, as part of such work
   */
  public Units(Database database, OwnEvents own) {
    this.database = database;
    this.own = own;
  }

  /**
   * Commits when the work succeeds; when it fails or throws, nothing of it has happened. Fails with
   * an {@link UnsentException} if there was no connection to begin on.
   */
  public <T> Future<T> run(Function<Unit, Future<T>> work) {
    AtomicBoolean begun = new AtomicBoolean();
    return own.around(
        () ->
            database
                .pool()
                .withTransaction(
                    tx -> {
                      begun.set(true);
                      // A throw inside withTransaction would leave the transaction open.
                      return Future.succeededFuture(new Unit(tx, own)).compose(work);
                    })
                .recover(e -> Future.failedFuture(begun.get() ? e : new UnsentException(e))));
  }
}
