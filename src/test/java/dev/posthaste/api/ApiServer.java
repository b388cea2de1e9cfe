package dev.posthaste.api;

import dev.posthaste.contract.ContractReader;
import dev.posthaste.event.ApiKey;
import dev.posthaste.event.CatalogOverlay;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.EventType;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.ResourceKind;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Doorkeeper;
import dev.posthaste.http.RequestGate;
import dev.posthaste.http.Throttle;
import dev.posthaste.registry.KeyRing;
import dev.posthaste.registry.Registry;
import dev.posthaste.send.Cidr;
import dev.posthaste.send.ClientFactory;
import dev.posthaste.send.SendSettings;
import dev.posthaste.send.Sender;
import dev.posthaste.settings.AttachmentSettings;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.SettingsReader;
import dev.posthaste.store.AccountStore;
import dev.posthaste.store.AnswerStore;
import dev.posthaste.store.AttachmentStore;
import dev.posthaste.store.AuditLog;
import dev.posthaste.store.CatalogStore;
import dev.posthaste.store.Database;
import dev.posthaste.store.DeliveryStore;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.EventStore;
import dev.posthaste.store.JobStore;
import dev.posthaste.store.KeyStore;
import dev.posthaste.store.Migrations;
import dev.posthaste.store.Readers;
import dev.posthaste.store.RegistryStore;
import dev.posthaste.store.ReplayStore;
import dev.posthaste.store.Sealer;
import dev.posthaste.store.SecretStore;
import dev.posthaste.store.TenantStore;
import dev.posthaste.store.Units;
import dev.posthaste.support.SettableClock;
import dev.posthaste.support.Sql;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The management routes on a real server and a real database, with two tenants. */
final class ApiServer {
  static final String OPERATOR = "operator-key-of-thirty-two-characters";
  static final int MAX_ENDPOINTS = 100;
  static final int MAX_BODY = 64 * 1024;
  static final int MAX_PAYLOAD = 128 * 1024;
  static final AttachmentSettings ATTACHMENTS =
      new AttachmentSettings(
          1024 * 1024,
          3 * 1024 * 1024,
          Duration.ofMinutes(15),
          3,
          3,
          Duration.ofSeconds(3),
          Duration.ofSeconds(3));

  static final int MAX_CATALOG = 256 * 1024;
  static final int MAX_TYPES = 60;

  final Vertx vertx = Vertx.vertx();
  final SettableClock linkClock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final AttachmentSettings attachments;
  final DatabaseUrl url;
  final Registry registry = new Registry(Map.of("small", catalog()));
  final IdGenerator ids = new IdGenerator(Clock.systemUTC(), 1, 0);
  final long account;
  final Tenant acme;
  final Tenant other;
  final ApiDocument document;

  /** Makes the node deaf for what changes. */
  volatile boolean deaf;

  private final int requestsPerSecond;
  private final Database database;
  private final AccountStore accounts;
  private final RegistryStore changes;
  private final HttpServer server;

  ApiServer(DatabaseUrl url) throws Exception {
    this(url, 0);
  }

  ApiServer(DatabaseUrl url, AttachmentSettings attachments) throws Exception {
    this(url, 0, attachments);
  }

  /**
   * @param requestsPerSecond of each key; 0 = no limit
   */
  ApiServer(DatabaseUrl url, int requestsPerSecond) throws Exception {
    this(url, requestsPerSecond, ATTACHMENTS);
  }

  private ApiServer(DatabaseUrl url, int requestsPerSecond, AttachmentSettings attachments)
      throws Exception {
    this.url = url;
    this.attachments = attachments;
    this.requestsPerSecond = requestsPerSecond;
    String jdbc = "jdbc:postgresql://%s:%d/%s".formatted(url.host(), url.port(), url.database());
    Migrations.run(jdbc, url.user(), url.password().reveal());
    Sql.execute(url, partition("event"), partition("attempt"));
    Sealer sealer = new Sealer(Map.of("k1", new byte[32]));
    database = new Database(vertx, url, SettingsReader.defaults().database());
    accounts = new AccountStore(database);
    changes = new RegistryStore(database, sealer);
    account = accounts.ensureAccount(ids.next(), "main").await(5, TimeUnit.SECONDS);
    acme = tenant("acme", Optional.of("small"));
    other = tenant("other", Optional.empty());
    store(OPERATOR, null, EnumSet.noneOf(ApiKey.Permission.class), Optional.empty());
    document = ApiDocument.load(vertx).await(20, TimeUnit.SECONDS);
    server = start(new ApiRoutes(document, parts(sealer)));
  }

  private static String partition(String table) {
    return "CREATE TABLE %1$s_all PARTITION OF %1$s FOR VALUES FROM (0) TO (9223372036854775807)"
        .formatted(table);
  }

  private ApiParts parts(Sealer sealer) {
    EndpointStore endpoints = new EndpointStore(database, sealer);
    return new ApiParts(
        registry,
        new Doorkeeper(registry, Clock.systemUTC()),
        new ApiParts.Stores(
            endpoints,
            accounts,
            new KeyStore(database),
            new DeliveryStore(database),
            new EventStore(database),
            new SecretStore(sealer),
            new ReplayStore(),
            new JobStore(database),
            Readers.of(database),
            new TenantStore(endpoints),
            new CatalogStore()),
        ids,
        new ApiRules(
            Set.of("standard", "casedev", "agentpost"),
            text ->
                text.startsWith("https://") || text.startsWith("http://127.")
                    ? Optional.empty()
                    : Optional.of("must begin with https://"),
            MAX_ENDPOINTS,
            MAX_BODY,
            MAX_PAYLOAD,
            MAX_CATALOG,
            MAX_TYPES,
            Duration.ofDays(30)),
        new ApiParts.Changing(
            new Units(database),
            new AnswerStore(sealer, Duration.ofHours(24)),
            new AuditLog(database)),
        new Throttle(requestsPerSecond),
        new ApiParts.Sending(
            ContractReader.read(Optional.empty()), own -> Sender.open(own, clients()), true),
        () -> deaf ? Future.failedFuture("deaf") : refresh(),
        Clock.systemUTC(),
        new ApiParts.Files(
            new AttachmentStore(database),
            attachments,
            new DownloadLinks(
                sealer.derive(DownloadLinks.PURPOSE), attachments.linkTtl(), linkClock),
            new Transfers(attachments.maxTransfers(), attachments.maxTransfersPerTenant()),
            Optional.empty()));
  }

  private ClientFactory clients() {
    return new ClientFactory(
        vertx,
        new SendSettings(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMinutes(10),
            4,
            100,
            65_536,
            16_384,
            List.of(Cidr.parse("127.0.0.0/8")),
            List.of(),
            List.of()));
  }

  /** Mounted below another router, as the server does it. */
  private HttpServer start(ApiRoutes routes) throws Exception {
    Router top = Router.router(vertx);
    return routes
        .create(vertx)
        .map(api -> top.route("/*").subRouter(api))
        .compose(
            mounted ->
                vertx
                    .createHttpServer(options())
                    .requestHandler(new RequestGate(top))
                    .listen(0, "127.0.0.1"))
        .await(10, TimeUnit.SECONDS);
  }

  /** Answers beyond some 16 KiB may stall when a client upgrades its first request to HTTP/2. */
  private static HttpServerOptions options() {
    return new HttpServerOptions().setHttp2ClearTextEnabled(false);
  }

  /** What the feed of the registry does. */
  Future<Void> refresh() {
    return changes
        .changes(0)
        .map(
            found -> {
              found.catalogs().forEach(this::apply);
              found.tenants().forEach(this::apply);
              found.directSecrets().forEach(registry::putDirectSecrets);
              found.keys().forEach(this::apply);
              found.endpoints().forEach(change -> apply(change));
              return null;
            });
  }

  private void apply(RegistryStore.Change<?> change) {
    switch (change.row()) {
      case RegistryStore.StoredKey stored when change.gone() ->
          registry.keys().remove(stored.hash().getBytes());
      case RegistryStore.StoredKey stored -> registry.put(stored.key(), stored.hash().getBytes());
      case Tenant tenant when change.gone() -> registry.remove(tenant);
      case Tenant tenant -> registry.put(tenant);
      case CatalogOverlay overlay when change.gone() -> registry.removeOverlay(overlay.catalog());
      case CatalogOverlay overlay -> registry.put(overlay);
      case Endpoint endpoint when change.gone() -> registry.remove(List.of(endpoint));
      case Endpoint endpoint -> registry.put(List.of(endpoint));
      default -> throw new IllegalStateException();
    }
  }

  private Tenant tenant(String uid, Optional<String> catalog) throws Exception {
    Tenant tenant =
        new Tenant(ids.next(), uid, uid, "standard", catalog, Optional.empty(), Optional.empty());
    accounts.createTenant(account, tenant).await(5, TimeUnit.SECONDS);
    return tenant;
  }

  /** A key of a tenant. */
  String key(Tenant tenant, ApiKey.Permission... permissions) throws Exception {
    return key(tenant, null, permissions);
  }

  /** A key of a tenant that may receive only types of these scopes. */
  String key(Tenant tenant, Set<String> scopes, ApiKey.Permission... permissions) throws Exception {
    String text = "key-" + ids.next();
    store(text, tenant, Set.of(permissions), Optional.ofNullable(scopes));
    return text;
  }

  private void store(
      String text, Tenant tenant, Set<ApiKey.Permission> permissions, Optional<Set<String>> scopes)
      throws Exception {
    ApiKey key =
        new ApiKey(
            ids.next(),
            account,
            tenant == null ? OptionalLong.empty() : OptionalLong.of(tenant.id()),
            "test",
            permissions,
            scopes,
            Optional.empty());
    accounts.createKey(key, KeyRing.hash(text)).await(5, TimeUnit.SECONDS);
    refresh().await(5, TimeUnit.SECONDS);
  }

  private static Map<String, EventType> catalog() {
    return Map.of(
        "vault.done", type("vault.done", "vault", ResourceKind.VAULT),
        "vault.failed", type("vault.failed", "vault", ResourceKind.VAULT),
        "agent.run.done", type("agent.run.done", "agent", null));
  }

  private static EventType type(String name, String scope, ResourceKind resource) {
    return new EventType(
        name,
        EventType.Stability.STABLE,
        Optional.of(scope),
        Optional.ofNullable(resource),
        "Something happened.",
        "{\"type\":\"object\"}",
        "{\"vaultId\":\"v1\"}");
  }

  HttpCall as(String key) {
    return new HttpCall(server.actualPort(), key);
  }

  void sql(String... statements) throws SQLException {
    Sql.execute(url, statements);
  }

  void close() throws Exception {
    server.close().await(5, TimeUnit.SECONDS);
    database.close().await(5, TimeUnit.SECONDS);
    vertx.close().await(5, TimeUnit.SECONDS);
  }
}
