package dev.posthaste.store;

import io.vertx.core.Future;
import java.util.function.Function;

/** Runs work as one transaction. For any event loop. */
public final class Units {
  private final Database database;

  public Units(Database database) {
    this.database = database;
  }

  /** Commits when the work succeeds; when it fails or throws, nothing of it has happened. */
  public <T> Future<T> run(Function<Unit, Future<T>> work) {
    // A throw inside withTransaction would leave the transaction open.
    return database
        .pool()
        .withTransaction(tx -> Future.succeededFuture(new Unit(tx)).compose(work));
  }
}
