package dev.posthaste.store;

import dev.posthaste.settings.DatabaseUrl;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.ds.PGSimpleDataSource;

/** Looks at a started PostgreSQL before anything is trusted to it. */
final class ReadyCheck {
  private static final String INVALID_PASSWORD = "28P01";
  private static final int LOGIN_SECONDS = 10;

  private ReadyCheck() {}

  /**
   * Makes the database of the given URL if it is not there, and asserts durability in it.
   *
   * @throws StartException if a setting that durability needs is off, or the login fails
   */
  static void run(DatabaseUrl url) {
    try {
      try (Connection connection = connect(url, "postgres")) {
        createDatabase(connection, url.database());
      }
      try (Connection connection = connect(url, url.database())) {
        assertDurable(connection);
      }
    } catch (SQLException e) {
      throw refused(e);
    }
  }

  private static StartException refused(SQLException e) {
    return INVALID_PASSWORD.equals(e.getSQLState())
        ? new StartException(
            "The embedded PostgreSQL refuses the password in "
                + EmbeddedPostgres.PASSWORD_FILE
                + ": bring back the file that belongs to this data folder")
        : new StartException("The embedded PostgreSQL does not answer", e);
  }

  private static void createDatabase(Connection connection, String name) throws SQLException {
    try (PreparedStatement find =
        connection.prepareStatement("SELECT 1 FROM pg_database WHERE datname = ?")) {
      find.setString(1, name);
      try (ResultSet found = find.executeQuery()) {
        if (found.next()) {
          return;
        }
      }
    }
    try (Statement create = connection.createStatement()) {
      create.execute("CREATE DATABASE " + create.enquoteIdentifier(name, true));
    }
  }

  private static void assertDurable(Connection connection) throws SQLException {
    try (Statement show = connection.createStatement()) {
      for (String name : ServerOptions.DURABLE) {
        try (ResultSet row = show.executeQuery("SHOW " + name)) {
          row.next();
          if (!row.getString(1).equals("on")) {
            throw new StartException(
                "The embedded PostgreSQL has "
                    + name
                    + "="
                    + row.getString(1)
                    + ", accepted events could be lost: undo the ALTER DATABASE or ALTER ROLE"
                    + " that sets it");
          }
        }
      }
    }
  }

  private static Connection connect(DatabaseUrl url, String database) throws SQLException {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {url.host()});
    source.setPortNumbers(new int[] {url.port()});
    source.setDatabaseName(database);
    source.setUser(url.user());
    source.setPassword(url.password().reveal());
    source.setSslMode("disable");
    source.setLoginTimeout(LOGIN_SECONDS);
    return source.getConnection();
  }
}
