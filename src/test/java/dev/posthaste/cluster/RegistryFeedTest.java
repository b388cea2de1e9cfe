package dev.posthaste.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.EventType;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.Validation;
import dev.posthaste.registry.KeyRing;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.CatalogStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.RegistryChannel;
import dev.posthaste.store.RegistryStore;
import dev.posthaste.store.Sealer;
import dev.posthaste.store.SecretStore;
import dev.posthaste.store.TenantGoneException;
import dev.posthaste.store.TenantSecretStore;
import dev.posthaste.store.TenantStore;
import dev.posthaste.store.Unit;
import dev.posthaste.store.Units;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Samples;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
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
import java.util.function.Function;
import java.util.stream.Collectors;
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
  void aRefreshIsAnsweredWhereItWasAskedFor() {
    Context asking = db.vertx().getOrCreateContext();
    Promise<Context> answered = Promise.promise();
    asking.runOnContext(
        v -> feed.refresh().onComplete(done -> answered.complete(Vertx.currentContext())));
    assertThat(Await.value(answered.future())).isSameAs(asking);
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
  void aChangeThatWasAnnouncedWhileTheConnectionWasAwayIsKnownOnceItIsBack() throws SQLException {
    List<String> ended =
        Sql.column(
            db.url(),
            """
            SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
            WHERE datname = current_database() AND query LIKE 'LISTEN %'
            """);
    create(900);
    assertThat(ended).isNotEmpty().containsOnly("t");
    await().until(() -> registry.endpoint(900).isPresent());
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

  /** A second node, whose registry only its own feed writes. */
  private Registry otherNode() {
    Registry other = new Registry(Map.of("shop", Map.of("order.paid", type("order.paid", "file"))));
    RegistryFeed own =
        new RegistryFeed(
            new RegistryStore(db.database(), sealer),
            new RegistryChannel(db.database()),
            other,
            NEVER);
    Await.value(db.vertx().deployVerticle(own));
    return other;
  }

  private static EventType type(String name, String description) {
    return new EventType(
        name,
        EventType.Stability.STABLE,
        Optional.of("orders"),
        Optional.empty(),
        description,
        "{\"type\":\"object\"}",
        "{\"n\":1.5}");
  }

  @Test
  void aChangeOfACatalogReachesEveryNodeAndLiesOverItsFile() {
    Registry other = otherNode();
    CatalogStore catalogs = new CatalogStore();
    CatalogStore.Key shop = new CatalogStore.Key(ACCOUNT, "shop");
    run(unit -> catalogs.put(unit, shop, type("order.sent", "table")));
    await().until(() -> described(registry), Set.of("order.sent table")::equals);
    await().until(() -> described(other), Set.of("order.paid file", "order.sent table")::equals);
    EventType kept = other.catalog("shop").orElseThrow().get("order.sent");
    run(unit -> catalogs.put(unit, shop, type("order.paid", "table")));
    await().until(() -> described(other), Set.of("order.paid table", "order.sent table")::equals);
    assertThat(other.catalog("shop").orElseThrow().get("order.sent")).isSameAs(kept);
    run(unit -> catalogs.hide(unit, shop, "order.paid"));
    await().until(() -> described(other), Set.of("order.sent table")::equals);
    run(unit -> catalogs.replace(unit, shop, List.of(type("order.lost", "import"))));
    await().until(() -> described(other), Set.of("order.lost import")::equals);
    await().until(() -> described(registry), Set.of("order.lost import")::equals);
    run(unit -> catalogs.delete(unit, shop));
    await().until(() -> described(other), Set.of("order.paid file")::equals);
    await().until(() -> registry.catalog("shop").isEmpty());
  }

  private <T> T run(Function<Unit, Future<T>> work) {
    return Await.value(units().run(work));
  }

  private static Set<String> described(Registry registry) {
    return registry.catalog("shop").orElse(Map.of()).values().stream()
        .map(type -> type.name() + " " + type.description())
        .collect(Collectors.toSet());
  }

  @Test
  void aTenantThatIsChangedOrDeletedIsSoOnEveryNode() {
    Registry other = otherNode();
    Await.value(accounts.createTenant(ACCOUNT, Samples.tenant(25, "brief")));
    Endpoint endpoint = Samples.endpoint(700, 25, "http://e700");
    SigningSecret secret = new SigningSecret(Samples.SECRET, Optional.empty());
    run(unit -> endpoints.create(unit, endpoint, 701, secret, 10));
    TenantStore tenants = new TenantStore(endpoints);
    TenantStore.Name name = new TenantStore.Name(ACCOUNT, 0, "brief");
    Tenant changed =
        new Tenant(
            25,
            "brief",
            "Brief",
            "casedev",
            Optional.of("shop"),
            Optional.of("o"),
            Optional.empty(),
            Validation.WARN,
            Map.of("k", "v"));
    run(unit -> tenants.change(unit, name, before -> Future.succeededFuture(changed)));
    await().until(() -> registry.tenant("brief"), Optional.of(changed)::equals);
    await().until(() -> other.tenant(25), Optional.of(changed)::equals);
    assertThat(other.targets(changed, "order.paid", Optional.empty())).containsExactly(700L);
    run(unit -> tenants.delete(unit, name, tenant -> tenant));
    for (Registry each : List.of(registry, other)) {
      await().until(() -> each.tenant(25).isEmpty() && each.endpoint(700).isEmpty());
      assertThat(each.formerTenant(25)).contains(changed);
    }
    // Its uid is another's from now on, whichever of the two rows is read first.
    assertThat(Await.value(accounts.createTenant(ACCOUNT, Samples.tenant(22, "brief")))).isTrue();
    await().until(() -> other.tenant("brief").map(Tenant::id), Optional.of(22L)::equals);
    Registry late = otherNode();
    assertThat(late.tenant("brief").map(Tenant::id)).contains(22L);
    assertThat(late.formerTenant(25)).isPresent();
  }

  @Test
  void aTenantThatWasDeletedElsewhereGetsNoEndpoint() {
    Await.value(accounts.createTenant(ACCOUNT, Samples.tenant(30, "gone")));
    TenantStore tenants = new TenantStore(endpoints);
    run(unit -> tenants.delete(unit, new TenantStore.Name(ACCOUNT, 30, ""), tenant -> tenant));
    SigningSecret secret = new SigningSecret(Samples.SECRET, Optional.empty());
    Endpoint late = Samples.endpoint(800, 30, "http://e800");
    assertThatThrownBy(() -> run(unit -> endpoints.create(unit, late, 801, secret, 10)))
        .hasRootCauseInstanceOf(TenantGoneException.class);
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
