package dev.posthaste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.registry.KeyRing;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.RegistryChannel;
import dev.posthaste.store.RegistryStore;
import dev.posthaste.store.Sealer;
import dev.posthaste.store.SecretStore;
import dev.posthaste.store.TenantSecretStore;
import dev.posthaste.store.Units;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * From the tables into memory; the poll is an hour away, so only what is under test brings news.
 */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RegistryFeedTest {
  private static final Duration NEVER = Duration.ofHours(1);
  private static final long ACCOUNT = 1;

  private final Registry registry = new Registry(Map.of());
  private final Sealer sealer = new Sealer(Map.of("k", new byte[32]));
  private TestDatabase db;
  private AccountStore accounts;
  private EndpointStore endpoints;
  private RegistryFeed feed;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    accounts = new AccountStore(db.database());
    endpoints = new EndpointStore(db.database(), sealer);
    Await.value(accounts.ensureAccount(ACCOUNT, "default"));
    Await.value(accounts.createTenant(ACCOUNT, Samples.tenant(10, "acme")));
    create(100);
    feed =
        new RegistryFeed(
            new RegistryStore(db.database(), sealer),
            new RegistryChannel(db.database()),
            registry,
            NEVER);
    Await.value(db.vertx().deployVerticle(feed));
  }

  @AfterAll
  void close() {
    db.close();
  }

  private Units units() {
    return new Units(db.database());
  }

  private boolean delete(long tenant, long id) {
    return Await.value(units().run(unit -> endpoints.delete(unit, tenant, id)));
  }

  private Endpoint create(long id) {
    return Await.value(
        units()
            .run(
                unit ->
                    endpoints.create(
                        unit,
                        Samples.endpoint(id, 10, "http://e" + id),
                        id + 1,
                        new SigningSecret(Samples.SECRET, Optional.empty()),
                        1_000)));
  }

  @Test
  void whatWasThereAtTheStartIsKnown() {
    assertThat(registry.tenant("acme")).contains(Samples.tenant(10, "acme"));
    Endpoint endpoint = registry.endpoint(100).orElseThrow();
    assertThat(endpoint.url()).isEqualTo("http://e100");
    assertThat(endpoint.secrets()).extracting(SigningSecret::text).containsExactly(Samples.SECRET);
  }

  @Test
  void theSecretsOfATenantComeWithIt() {
    TenantSecretStore secrets = new SecretStore(sealer).ofTenants();
    SigningSecret secret = new SigningSecret(Samples.SECRET, Optional.empty());
    Await.value(accounts.createTenant(ACCOUNT, Samples.tenant(20, "signed")));
    Await.value(
        units()
            .run(
                unit ->
                    secrets
                        .hold(unit, 20)
                        .compose(held -> secrets.rotate(unit, 20, 21, secret, NEVER))));
    await().until(() -> registry.directSecrets(20).equals(List.of(secret)));
    assertThat(registry.directSecrets(10)).isEmpty();
  }

  @Test
  void whatWasCommittedBeforeARefreshIsKnownAfterIt() {
    for (long id = 200; id < 240; id += 2) {
      Endpoint made = create(id);
      Await.value(feed.refresh());
      assertThat(registry.endpoint(id)).contains(made);
      assertThat(registry.targets(Samples.tenant(10, "acme"), "any", Optional.empty()))
          .contains(id);
    }
  }

  @Test
  void aChangeIsHeardWithoutAskingForIt() {
    create(300);
    await().until(() -> registry.endpoint(300).isPresent());
    assertThat(Await.value(endpoints.autoDisable(300, "gone", 0))).isTrue();
    await()
        .until(
            () -> registry.endpoint(300).orElseThrow().status(),
            Endpoint.Status.AUTO_DISABLED::equals);
    assertThat(Await.value(endpoints.autoDisable(300, "gone", 0))).isFalse();
    assertThat(delete(11, 300)).isFalse();
    assertThat(delete(10, 300)).isTrue();
    await().until(() -> registry.endpoint(300).isEmpty());
  }

  @Test
  void aTransactionThatCommitsLateIsNotSkipped() throws SQLException {
    create(400);
    Await.value(feed.refresh());
    try (Connection late = Sql.connect(db.url());
        Statement statement = late.createStatement()) {
      late.setAutoCommit(false);
      statement.execute("UPDATE endpoint SET url = 'http://late' WHERE id = 400");
      // Later transactions commit, and are seen, before this one.
      create(402);
      Await.value(feed.refresh());
      create(404);
      Await.value(feed.refresh());
      assertThat(registry.endpoint(404)).isPresent();
      assertThat(registry.endpoint(400).orElseThrow().url()).isEqualTo("http://e400");
      late.commit();
    }
    Await.value(feed.refresh());
    assertThat(registry.endpoint(400).orElseThrow().url()).isEqualTo("http://late");
  }

  @Test
  void keysComeAndAreRevoked() {
    byte[] hash = KeyRing.hash("the key");
    ApiKey key =
        new ApiKey(
            500,
            ACCOUNT,
            OptionalLong.of(10),
            "k",
            Set.of(ApiKey.Permission.EVENTS_WRITE),
            Optional.of(Set.of("vault")),
            Optional.of(Instant.parse("2090-01-01T00:00:00Z")));
    assertThat(Await.value(accounts.createKey(key, hash))).isTrue();
    assertThat(Await.value(accounts.createKey(key, hash))).isFalse();
    Await.value(feed.refresh());
    assertThat(registry.keys().find("the key", Instant.EPOCH)).contains(key);
    assertThat(registry.keys().find("the key", Instant.parse("2091-01-01T00:00:00Z"))).isEmpty();
    db.execute("UPDATE api_key SET revoked_at = now() WHERE id = 500");
    Await.value(feed.refresh());
    assertThat(registry.keys().find("the key", Instant.EPOCH)).isEmpty();
  }

  @Test
  void endpointsOfOtherTenantsAreNotFound() {
    create(600);
    assertThat(Await.value(endpoints.find(10, 600))).isPresent();
    assertThat(Await.value(endpoints.find(11, 600))).isEmpty();
    assertThat(Await.value(endpoints.list(11, Optional.empty(), Long.MAX_VALUE, 10))).isEmpty();
    assertThat(Await.value(endpoints.list(10, Optional.of(Endpoint.Status.ACTIVE), 601, 1)))
        .extracting(Endpoint::id)
        .containsExactly(600L);
  }
}
