package dev.posthaste.store;

import io.vertx.sqlclient.SqlConnection;

/**
 * What is committed as one. Stores that are given it add their statements to it; only {@link Units}
 * ends it. Whoever holds one must not ask a store without it: that takes a second connection, and
 * many who hold one and wait for another would wait for each other.
 */
public final class Unit {
  private final SqlConnection connection;
  private final OwnEvents own;

  Unit(SqlConnection connection, OwnEvents own) {
    this.connection = connection;
    this.own = own;
  }

  /** What appends events in it. */
  OwnEvents own() {
    return own;
  }

  SqlConnection connection() {
    return connection;
  }
}
