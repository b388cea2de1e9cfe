package dev.posthaste.store;

import io.vertx.sqlclient.SqlConnection;

/**
 * What is committed as one. Stores that are given it add their statements to it; only {@link Units}
 * ends it. Whoever holds one must not ask a store without it: that takes a second connection, and
 * many who hold one and wait for another would wait for each other.
 */
public final class Unit {
  private final SqlConnection connection;

  Unit(SqlConnection connection) {
    this.connection = connection;
  }

  SqlConnection connection() {
    return connection;
  }
}
