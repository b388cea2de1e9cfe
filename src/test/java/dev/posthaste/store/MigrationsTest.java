package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Sql;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class MigrationsTest {
  @Test
  void makesTheTablesAndDoesNothingTheSecondTime(@PerTest DatabaseUrl url) throws SQLException {
    Migrations.run(jdbc(url), url.user(), url.password().reveal());
    Migrations.run(jdbc(url), url.user(), url.password().reveal());
    assertThat(Sql.column(url, "SELECT to_regclass('event')::text")).containsExactly("event");
  }

  @Test
  void saysThatTheDatabaseCannotBeReached() {
    assertThatThrownBy(() -> Migrations.run("jdbc:postgresql://127.0.0.1:1/x", "u", "secret-word"))
        .isInstanceOf(StartException.class)
        .hasMessageContaining("cannot be reached")
        .hasMessageNotContaining("secret-word");
  }

  private static String jdbc(DatabaseUrl url) {
    return "jdbc:postgresql://%s:%d/%s".formatted(url.host(), url.port(), url.database());
  }
}
