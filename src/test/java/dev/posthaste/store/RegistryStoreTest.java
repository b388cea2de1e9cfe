package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.TestDatabase;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class RegistryStoreTest {
  private static final List<String> TABLES = List.of("tenant", "api_key", "endpoint", "catalog");

  private static RegistryStore store(TestDatabase db) {
    return new RegistryStore(db.database(), new Sealer(Map.of("k", new byte[32])));
  }

  private static void restore(TestDatabase db) {
    db.execute(
        "INSERT INTO account (id, name) VALUES (1, 'main')",
        "INSERT INTO tenant (id, account_id, uid, name, contract) VALUES (1, 1, 't', 't', 'c')",
        "INSERT INTO api_key (id, account_id, name, hash, permissions) VALUES (1, 1, 'k', '',"
            + " '{}')",
        "INSERT INTO endpoint (id, tenant_id, url, event_type_filters) VALUES (1, 1, 'u', '{*}')",
        "INSERT INTO catalog (account_id, name, whole) VALUES (1, 'c', false)");
    for (String table : TABLES) {
      db.execute(
          "ALTER TABLE %s DISABLE TRIGGER stamp".formatted(table),
          "UPDATE %s SET revision = 1000000000000".formatted(table),
          "ALTER TABLE %s ENABLE TRIGGER stamp".formatted(table));
    }
  }

  private static List<Integer> sizes(RegistryStore.Changes changes) {
    return List.of(
        changes.tenants().size(),
        changes.keys().size(),
        changes.endpoints().size(),
        changes.catalogs().size());
  }

  @Test
  void whatCameOutOfADumpIsReadOnceAndThenWhenItChanges(@PerTest DatabaseUrl url) {
    try (TestDatabase db = new TestDatabase(url)) {
      restore(db);
      RegistryStore store = store(db);
      RegistryStore.Changes all = Await.value(store.changes(0));
      assertThat(sizes(all)).containsExactly(1, 1, 1, 1);
      RegistryStore.Changes none = Await.value(store.changes(all.horizon()));
      assertThat(sizes(none)).containsExactly(0, 0, 0, 0);
      TABLES.forEach(table -> db.execute("UPDATE %s SET created_at = now()".formatted(table)));
      assertThat(sizes(Await.value(store.changes(none.horizon())))).containsExactly(1, 1, 1, 1);
    }
  }
}
