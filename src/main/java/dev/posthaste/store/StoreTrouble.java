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
  /**
   * Connection, a login or a database that is not there (any more, or yet), resources (a full disk,
   * too many connections), operator intervention.
   */
  private static final Set<String> AWAY_CLASSES = Set.of("08", "28", "3D", "53", "57", "58");

  /** After a failover to the other host, or where a disk that fills up makes it so. */
  private static final String READ_ONLY = "25006";

  /** Values that do not fit, and rows that may not be beside others. */
  private static final Set<String> CONTENT_CLASSES = Set.of("22", "23");

  /** A value that is longer than an index takes, for example. */
  private static final String TOO_LARGE = "54000";

  private static final String CANCELED = "57014";

  /** Of class 08: the connection was never made. */
  private static final Set<String> NEVER_CONNECTED = Set.of("08001", "08004");

  /** A server that goes down, or ends one connection, reports that like an answer. */
  private static final Set<String> CUT_OFF = Set.of("57P01", "57P02", "40003");

  /** The whole server goes down, maybe after the commit was written. */
  private static final String PANIC = "PANIC";

  /** A deadlock, and a serialization failure. */
  private static final Set<String> COLLISIONS = Set.of("40P01", "40001");

  private StoreTrouble() {}

  /** Whether the database is away or unable, so that the same may work later. */
  public static boolean isAway(Throwable failure) {
    if (failure instanceof PgException refused) {
      String state = refused.getSqlState();
      return isOf(AWAY_CLASSES, state) || READ_ONLY.equals(state);
    }
    return failure instanceof UnsentException
        || failure instanceof IOException
        || failure instanceof ClosedConnectionException
        || failure instanceof ConnectionPoolTooBusyException
        || failure instanceof TimeoutException;
  }

  /**
   * Whether the database works and will not take this for what is in it, however often it is asked.
   * Whatever else it says may be about the session, the schema or another transaction.
   */
  public static boolean isRefused(Throwable failure) {
    return failure instanceof PgException refused
        && (isOf(CONTENT_CLASSES, refused.getSqlState())
            || TOO_LARGE.equals(refused.getSqlState()));
  }

  /** Whether the session may only read, as all may on this host; another may be the right one. */
  static boolean isReadOnly(Throwable failure) {
    return failure instanceof PgException refused && READ_ONLY.equals(refused.getSqlState());
  }

  /** Whether the statement took longer than it may. */
  public static boolean isTooSlow(Throwable failure) {
    return failure instanceof PgException refused && CANCELED.equals(refused.getSqlState());
  }

  /** Whether it was rolled back for the sake of another transaction: the same may work now. */
  public static boolean isCollision(Throwable failure) {
    return failure instanceof PgException refused && COLLISIONS.contains(refused.getSqlState());
  }

  /**
   * Whether what failed may have been committed all the same. An answer of PostgreSQL says that it
   * was not, unless it is the end of the connection that is reported, by the server or a proxy: the
   * commit may have been done just before.
   */
  public static boolean isInDoubt(Throwable failure) {
    if (failure instanceof PgException refused) {
      return PANIC.equals(refused.getSeverity()) || cutsOff(refused.getSqlState());
    }
    return !(failure instanceof UnsentException
        || failure instanceof FencedException
        || failure instanceof ConnectException
        || failure instanceof ConnectionPoolTooBusyException);
  }

  private static boolean isOf(Set<String> classes, String state) {
    return state != null && state.length() == 5 && classes.contains(state.substring(0, 2));
  }

  private static boolean cutsOff(String state) {
    return state == null
        || CUT_OFF.contains(state)
        || (state.startsWith("08") && !NEVER_CONNECTED.contains(state));
  }
}
