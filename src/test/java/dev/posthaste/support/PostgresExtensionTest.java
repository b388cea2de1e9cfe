package dev.posthaste.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension.PerTest;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class PostgresExtensionTest {
  @Test
  void givesTheClassOneDatabaseAndATestItsOwn(
      DatabaseUrl shared, DatabaseUrl again, @PerTest DatabaseUrl own) throws SQLException {
    assertThat(again).isEqualTo(shared);
    Sql.execute(shared, "CREATE TABLE here (n int)");
    assertThat(Sql.column(own, "SELECT to_regclass('here')")).containsOnlyNulls();
    assertThat(DatabaseUrl.parse(own.text())).isEqualTo(own);
  }
}
