package dev.posthaste.cluster;

import static org.awaitility.Awaitility.await;

import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DatabaseSettings;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.Database;
import dev.posthaste.store.RegistryChannel;
import dev.posthaste.store.RegistryStore;
import dev.posthaste.store.Sealer;
import dev.posthaste.support.Await;
import dev.posthaste.support.CutableProxy;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Connections to PostgreSQL that died without a word, while new ones work. */
@ExtendWith(PostgresExtension.class)
class SilentLineTest {
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofMinutes(1);
  private static final long ACCOUNT = 1;

  private static final DatabaseSettings BRIEF =
      new DatabaseSettings(Optional.empty(), 4, Duration.ofSeconds(5), Duration.ofSeconds(1));

  private static final String LISTENERS =
      """
      SELECT pid FROM pg_stat_activity
      WHERE datname = current_database() AND query LIKE 'LISTEN %'
      """;

  @Test
  void changesAreReadAgainWithoutThePooledConnections(@PerTest DatabaseUrl url) throws IOException {
    try (TestDatabase db = new TestDatabase(url);
        CutableProxy proxy = new CutableProxy(url.port())) {
      Database far = far(db, proxy);
      Registry registry = follow(db, far);
      AccountStore accounts = new AccountStore(db.database());
      Await.value(accounts.ensureAccount(ACCOUNT, "default"));
      Await.value(accounts.createTenant(ACCOUNT, Samples.tenant(10, "before")));
      await().until(() -> registry.tenant("before").isPresent());
      proxy.silence();
      Await.value(accounts.createTenant(ACCOUNT, Samples.tenant(12, "after")));
      await().atMost(PATIENCE).until(() -> registry.tenant("after").isPresent());
      Await.value(far.close());
    }
  }

  @Test
  void whoListensForChangesListensAnew(@PerTest DatabaseUrl url) throws IOException {
    try (TestDatabase db = new TestDatabase(url);
        CutableProxy proxy = new CutableProxy(url.port())) {
      Database far = far(db, proxy);
      follow(db, far);
      Set<String> before = new HashSet<>(db.column(LISTENERS));
      proxy.silence();
      await().atMost(PATIENCE).until(() -> !before.containsAll(db.column(LISTENERS)));
      Await.value(far.close());
    }
  }

  private static Database far(TestDatabase db, CutableProxy proxy) {
    DatabaseUrl url = db.url();
    return new Database(
        db.vertx(),
        DatabaseUrl.local(proxy.port(), url.user(), url.password(), url.database()),
        BRIEF);
  }

  private static Registry follow(TestDatabase db, Database far) {
    Registry registry = new Registry(Map.of());
    RegistryFeed feed =
        new RegistryFeed(
            new RegistryStore(far, new Sealer(Map.of("k", new byte[32]))),
            new RegistryChannel(far),
            registry,
            POLL);
    Await.value(db.vertx().deployVerticle(feed));
    return registry;
  }
}
