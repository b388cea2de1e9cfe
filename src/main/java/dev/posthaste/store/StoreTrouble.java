package dev.posthaste.store;

import io.vertx.core.http.ConnectionPoolTooBusyException;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.ClosedConnectionException;
import java.io.IOException;
import java.net.ConnectException;
import java.util.Set;
import java.util.concurrent.TimeoutException;

/** What a failed statement means for the caller. */
public final class StoreTrouble {
  /** Connection, resources (a full disk, too many connections), operator intervention. */
  private static final Set<String> AWAY_CLASSES = Set.of("08", "53", "57", "58");

  private static final String CANCELED = "57014";

  private StoreTrouble() {}

  /** Whether the database is away or unable, so that the same may work later. */
  public static boolean isAway(Throwable failure) {
    if (failure instanceof PgException refused) {
      String state = refused.getSqlState();
      return state != null && AWAY_CLASSES.contains(state.substring(0, 2));
    }
    if (failure instanceof UnsentException unsent) {
      return isAway(unsent.getCause());
    }
    return failure instanceof IOException
        || failure instanceof ClosedConnectionException
        || failure instanceof ConnectionPoolTooBusyException
        || failure instanceof TimeoutException;
  }

  /** Whether the database works and will not take this, however often it is asked. */
  public static boolean isRefused(Throwable failure) {
    return failure instanceof PgException && !isAway(failure);
  }

  /** Whether the statement took longer than it may. */
  public static boolean isTooSlow(Throwable failure) {
    return failure instanceof PgException refused && CANCELED.equals(refused.getSqlState());
  }

  /** Whether what failed may have been committed all the same. */
  public static boolean isInDoubt(Throwable failure) {
    return !(failure instanceof PgException
        || failure instanceof UnsentException
        || failure instanceof ConnectException
        || failure instanceof ConnectionPoolTooBusyException);
  }
}
