package dev.posthaste.ingest;

import dev.posthaste.contract.CatalogReader;
import dev.posthaste.contract.ContractReader;
import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.EventType;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.OrderKey;
import dev.posthaste.event.Tenant;
import dev.posthaste.http.Throttle;
import dev.posthaste.registry.KeyRing;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.IngestSettings;
import dev.posthaste.store.Fence;
import dev.posthaste.store.NodeTable;
import dev.posthaste.store.PostgresEventLog;
import dev.posthaste.support.Await;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerOptions;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** The way in over real HTTP into a real PostgreSQL; what it hands over is kept in a list. */
final class IngestRig implements AutoCloseable {
  static final String OPERATOR = "operator-key";
  static final String TENANT_KEY = "acme-key";
  static final String READ_ONLY_KEY = "read-key";
  static final String EXPIRED_KEY = "expired-key";
  static final IngestSettings SETTINGS =
      new IngestSettings(
          1_000, 60_000, 10, 1_000, 100_000, 200, 2, Duration.ofMillis(2), Duration.ofHours(1), 0);

  final TestDatabase db;
  final List<Delivery> handedOver = new CopyOnWriteArrayList<>();
  final List<OrderKey> waiting = new CopyOnWriteArrayList<>();
  final Registry registry;
  private final HttpClient client = HttpClient.newHttpClient();
  private final List<Intake> intakes = new CopyOnWriteArrayList<>();
  private final AtomicInteger port = new AtomicInteger();
  private final String deployment;

  IngestRig(DatabaseUrl url, DatabaseUrl way, IngestSettings settings) {
    db = new TestDatabase(url, way);
    db.clear();
    registry = new Registry(catalogs());
    fill();
    Fence fence = Await.value(new NodeTable(db.database()).join()).fence();
    Intake.Shared shared =
        new Intake.Shared(
            settings,
            registry,
            ContractReader.read(Optional.empty()),
            new IdGenerator(Clock.systemUTC(), fence.node(), 0),
            new IngestBudget(settings.maxQueuedEvents(), settings.maxUnsettledEvents()),
            new Throttle(settings.eventsPerSecondPerTenant()),
            loop -> new PostgresEventLog(db.database(), fence, settings.idempotencyWindow()),
            handOver(),
            2_500,
            EventTraces.PASSED_ON,
            IngestObserver.NONE,
            direct ->
                direct.startsWith("https://")
                    ? Optional.empty()
                    : Optional.of("must begin with https://"),
            Clock.systemUTC());
    IngestVerticle verticle =
        new IngestVerticle(
            new HttpServerOptions().setHost("127.0.0.1").setPort(0),
            loop -> {
              Intake intake = Intake.open(loop, shared);
              intakes.add(intake);
              return Future.succeededFuture(intake);
            },
            (loop, router) -> Future.succeededFuture(router),
            port::set,
            new IngestVerticle.Closing(() -> false, 1_000));
    deployment = Await.value(db.vertx().deployVerticle(verticle));
  }

  private HandOver handOver() {
    return new HandOver() {
      @Override
      public void deliver(List<Delivery> deliveries) {
        handedOver.addAll(deliveries);
      }

      @Override
      public void waiting(List<OrderKey> keys) {
        waiting.addAll(keys);
      }
    };
  }

  private static Map<String, Map<String, EventType>> catalogs() {
    Map<String, Map<String, EventType>> catalogs = new HashMap<>();
    CatalogReader.read(Optional.empty())
        .byName()
        .forEach((name, catalog) -> catalogs.put(name, catalog.byName()));
    return catalogs;
  }

  private void fill() {
    registry.put(Samples.tenant(1, "default"));
    registry.put(Samples.tenant(2, "acme"));
    registry.put(tenant(3, "vaults", "standard", "casedev"));
    registry.put(tenant(4, "cases", "offload", null));
    registry.put(
        List.of(
            Samples.endpoint(11, 1, "http://a"),
            Samples.endpoint(21, 2, "http://b"),
            Samples.endpoint(22, 2, "http://c")));
    key(OPERATOR, OptionalLong.empty(), Set.of(), Optional.empty());
    key(TENANT_KEY, OptionalLong.of(2), Set.of(ApiKey.Permission.EVENTS_WRITE), Optional.empty());
    key(
        READ_ONLY_KEY,
        OptionalLong.of(2),
        Set.of(ApiKey.Permission.ENDPOINTS_READ),
        Optional.empty());
    key(EXPIRED_KEY, OptionalLong.empty(), Set.of(), Optional.of(Instant.EPOCH));
  }

  private static Tenant tenant(long id, String uid, String contract, String catalog) {
    return new Tenant(
        id, uid, uid, contract, Optional.ofNullable(catalog), Optional.empty(), Optional.empty());
  }

  private void key(
      String text, OptionalLong tenant, Set<ApiKey.Permission> permissions, Optional<Instant> end) {
    registry.put(
        new ApiKey(1, 1, tenant, text, permissions, Optional.empty(), end), KeyRing.hash(text));
  }

  HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + port.get() + "/webhooks/v1" + path))
        .timeout(Duration.ofSeconds(60))
        .header("content-type", "application/json")
        .header("authorization", "Bearer " + OPERATOR);
  }

  CompletableFuture<HttpResponse<String>> start(HttpRequest.Builder request, String body) {
    return client.sendAsync(
        request.POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  HttpResponse<String> send(HttpRequest.Builder request, String body) {
    return start(request, body).join();
  }

  /** By the operator, for the default tenant. */
  HttpResponse<String> post(String body) {
    return send(request("/events"), body);
  }

  long settledBelow() {
    return Await.value(intakes.getFirst().settledBelow());
  }

  @Override
  public void close() {
    Await.value(db.vertx().undeploy(deployment));
    client.close();
    db.close();
  }
}
