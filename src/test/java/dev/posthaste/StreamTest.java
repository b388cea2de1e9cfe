package dev.posthaste;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.StreamClient;
import dev.posthaste.support.StreamClient.Stream;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Real WebSockets to whole nodes on one database. Each test has a tenant of its own. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class StreamTest {
  private static final String OPERATOR = "operator-key-for-tests-0123456789abcdef";
  private static final Map<String, String> SETTINGS =
      Map.of(
          "ENCRYPTION_KEYS", "k:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
          "CLUSTER_HEARTBEAT", "200ms",
          "CLUSTER_FEED_INTERVAL", "100ms",
          "STREAM_LOOK_INTERVAL", "100ms",
          "STREAM_PING_INTERVAL", "500ms",
          "STREAM_IDLE_TIMEOUT", "4s",
          "STREAM_MAX_WAITING", "256KiB",
          "STREAM_LOOK_EVENTS", "50",
          "INGEST_MAX_BODY", "16MiB",
          "STREAM_MAX_CONNECTIONS_PER_TENANT", "3");

  private final AtomicInteger folders = new AtomicInteger();
  private final AtomicInteger names = new AtomicInteger();
  private DatabaseUrl url;
  private Path folder;
  private RunningServer node;
  private StreamClient client;

  @BeforeAll
  void open(DatabaseUrl given, @TempDir Path data) {
    url = given;
    folder = data;
    node = start(Map.of());
    client = new StreamClient(node.port());
  }

  @AfterAll
  void close() {
    client.close();
    node.close();
  }

  private RunningServer start(Map<String, String> more) {
    Map<String, String> settings = new HashMap<>(SETTINGS);
    settings.putAll(more);
    return new RunningServer(url, folder.resolve("n" + folders.incrementAndGet()), settings);
  }

  @Test
  void eventsComeAsTheyAreAcceptedByteForByteInOneFrame() {
    String tenant = tenant();
    Stream stream = client.open(key(tenant), "");
    assertThat(stream.messages("hello").getFirst().getJsonObject("tenant").getString("uid"))
        .isEqualTo(tenant);
    String data = "{\"b\" : 1.50,  \"a\":[\"\\u00fc\", \"ü\\n\"]}";
    publish(tenant, "{\"type\":\"order.paid\",\"resourceId\":\"r1\",\"data\":" + data + "}");
    publish(tenant, "{\"type\":\"order.large\",\"data\":\"" + "x".repeat(200_000) + "\"}");
    stream.awaitEvents(2);
    JsonObject event = stream.messages("event").getFirst().getJsonObject("event");
    assertThat(event.getString("id")).startsWith("evt_");
    assertThat(event.getString("resourceId")).isEqualTo("r1");
    assertThat(event.fieldNames())
        .containsExactly("id", "type", "occurredAt", "acceptedAt", "resourceId", "data");
    assertThat(stream.texts().get(1)).endsWith(",\"data\":" + data + "}}");
    assertThat(stream.heard()).containsExactly("order.paid", "order.large");
  }

  @Test
  void onlyTheTypesThatWereAskedForAndEachEventOnce() {
    String tenant = tenant();
    Stream stream = client.open(key(tenant), "?types=order.*,%20user.new");
    Stream all = client.open(key(tenant), "");
    publish(tenant, "{\"type\":\"order.paid\",\"data\":1,\"id\":\"mine\"}");
    publish(tenant, "{\"type\":\"order.paid\",\"data\":1,\"id\":\"mine\"}");
    publish(tenant, "{\"type\":\"user.old\",\"data\":1}");
    publish(tenant, "{\"type\":\"user.new\",\"data\":1}");
    assertThat(stream.awaitEvents(2).heard()).containsExactly("order.paid", "user.new");
    assertThat(all.awaitEvents(3).heard()).containsExactly("order.paid", "user.old", "user.new");
  }

  @Test
  void aKeyHearsNoTypeThatItsScopesDoNotCover() {
    String tenant = tenant("casedev");
    Stream vaults = client.open(key(tenant, "vault"), "");
    Stream all = client.open(key(tenant), "");
    publish(tenant, example("agent.run.completed"));
    publish(tenant, example("vault.ingest.completed"));
    assertThat(all.awaitEvents(2).heard()).hasSize(2);
    assertThat(vaults.awaitEvents(1).heard()).containsExactly("vault.ingest.completed");
    refused(403, client.refusal(key(tenant, "vault"), "?types=agent.*"), "scope");
    refused(422, client.refusal(key(tenant), "?types=nothing.*"), "no event type");
  }

  private String example(String type) {
    JsonObject entry =
        new JsonObject(
                node.get(
                        node.port(),
                        "/webhooks/v1/event_types",
                        "authorization",
                        "Bearer " + OPERATOR,
                        "Posthaste-Tenant",
                        tenant("casedev"))
                    .body())
            .getJsonArray("eventTypes").stream()
                .map(JsonObject.class::cast)
                .filter(one -> one.getString("type").equals(type))
                .findFirst()
                .orElseThrow();
    return new JsonObject().put("type", type).put("data", entry.getValue("example")).encode();
  }

  @Test
  void nobodyHearsAnotherTenant() {
    String mine = tenant();
    String other = tenant();
    Stream stream = client.open(key(mine), "");
    Stream operator = client.open(OPERATOR, "", "Posthaste-Tenant", other);
    publish(other, "{\"type\":\"secret\",\"data\":1}");
    publish(mine, "{\"type\":\"own\",\"data\":1}");
    assertThat(stream.awaitEvents(1).heard()).containsExactly("own");
    assertThat(operator.awaitEvents(1).heard()).containsExactly("secret");
  }

  @Test
  void whatIsWrongIsSaidBeforeTheStreamOpens() {
    String tenant = tenant();
    refused(401, client.refusal(null, ""), "Send your key");
    refused(401, client.refusal("phk_unknown", ""), "not known");
    refused(403, client.refusal(keyWith(tenant, "events:write", null), ""), "deliveries:read");
    refused(404, client.refusal(OPERATOR, "", "Posthaste-Tenant", "nobody"), "no tenant");
    refused(422, client.refusal(OPERATOR, "?types=a..b,*"), "a..b");
    refused(422, client.refusal(OPERATOR, "?types="), "/query/types");
    var plain = node.get(node.port(), "/webhooks/v1/stream", "authorization", "Bearer " + OPERATOR);
    assertThat(plain.statusCode()).isEqualTo(400);
    assertThat(plain.body()).contains("WebSocket");
    assertThat(plain.headers().firstValue("RateLimit")).isPresent();
  }

  private static void refused(int status, UpgradeRejectedException refusal, String words) {
    JsonObject problem = new JsonObject(refusal.getBody());
    assertThat(refusal.getStatus()).as(problem.encode()).isEqualTo(status);
    assertThat(problem.getString("detail")).contains(words);
  }

  @Test
  void aTenantHasSoManyStreamsAndAClosedOneMakesRoom() {
    String key = key(tenant());
    Stream first = client.open(key, "");
    client.open(key, "");
    client.open(key, "");
    UpgradeRejectedException refusal = client.refusal(key, "");
    refused(429, refusal, "as many streams");
    assertThat(refusal.getHeaders().get("retry-after")).isNotBlank();
    first.socket().close();
    await().untilAsserted(() -> assertThat(client.open(key, "").texts()).hasSize(1));
  }

  @Test
  void aBrowserBringsItsKeyAsASubProtocol() {
    String tenant = tenant();
    Stream stream = client.openByProtocols("posthaste", "posthaste.key." + key(tenant));
    assertThat(stream.socket().subProtocol()).isEqualTo("posthaste");
    publish(tenant, "{\"type\":\"order.paid\",\"data\":1}");
    stream.awaitEvents(1);
  }

  @Test
  void aReaderThatDoesNotReadIsCutOffAndTheOthersGoOn() throws Exception {
    String tenant = tenant();
    Stream other = client.open(key(tenant), "");
    try (Socket slow = rawStream(key(tenant))) {
      int events = 80;
      String large = "{\"type\":\"large\",\"data\":\"" + "x".repeat(200_000) + "\"}";
      for (int i = 0; i < events; i++) {
        publish(tenant, large);
      }
      other.awaitEvents(events);
      assertThat(readAll(slow)).isLessThan(events * 200_000L);
    }
  }

  @Test
  void aReaderThatIsTooSlowIsToldSo() throws Exception {
    String tenant = tenant();
    JsonArray batch = new JsonArray();
    IntStream.range(0, 60)
        .forEach(
            i -> batch.add(new JsonObject().put("type", "large").put("data", "x".repeat(200_000))));
    // One on each event loop, so that when both have heard it the slow one is dealt with.
    List<Stream> marked =
        List.of(client.open(key(tenant), "?types=mark"), client.open(key(tenant), "?types=mark"));
    try (Socket slow = rawStream(key(tenant))) {
      node.post("/webhooks/v1/events/batch", batch.encode(), "Posthaste-Tenant", tenant);
      publish(tenant, "{\"type\":\"mark\",\"data\":1}");
      marked.forEach(stream -> stream.awaitEvents(1));
      byte[] all = slow.getInputStream().readAllBytes();
      String end = new String(all, all.length - 200, 200, StandardCharsets.ISO_8859_1);
      assertThat(end).contains("too slow: more waits than stream.maxWaiting");
      assertThat(all.length).isLessThan(60 * 200_000);
    }
  }

  @Test
  void aPeerThatAnswersNoPingIsDropped() throws Exception {
    try (Socket silent = rawStream(key(tenant()))) {
      assertThat(readAll(silent)).isLessThan(10_000);
    }
  }

  /** What still comes until the server has ended it. */
  private static long readAll(Socket socket) throws IOException {
    socket.setSoTimeout(30_000);
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[64 * 1024];
    long total = 0;
    try {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        total += read;
      }
    } catch (java.net.SocketException reset) {
      return total;
    }
    return total;
  }

  /** Opened by hand, so that nothing reads or answers behind our back. */
  private Socket rawStream(String key) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 * 1024);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), node.port()));
    String head =
        """
        GET /webhooks/v1/stream HTTP/1.1\r
        Host: 127.0.0.1\r
        Connection: Upgrade\r
        Upgrade: websocket\r
        Sec-WebSocket-Version: 13\r
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r
        Authorization: Bearer %s\r
        \r
        """
            .formatted(key);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    byte[] status = socket.getInputStream().readNBytes(12);
    assertThat(new String(status, StandardCharsets.US_ASCII)).isEqualTo("HTTP/1.1 101");
    return socket;
  }

  @Test
  void whatAnotherNodeAcceptsIsHeardOnceAndAStopIsSaid() {
    String tenant = tenant();
    // Made before the second node starts, which therefore knows it.
    String reader = key(tenant);
    Stream here = client.open(reader, "");
    RunningServer second = start(Map.of());
    try (StreamClient there = new StreamClient(second.port())) {
      Stream away = there.open(reader, "");
      try (second) {
        for (int i = 0; i < 10; i++) {
          publish(tenant, "{\"type\":\"first.n" + i + "\",\"data\":1}");
          publishAt(second, tenant, "{\"type\":\"second.n" + i + "\",\"data\":1}");
        }
        here.awaitEvents(20);
        away.awaitEvents(20);
        assertThat(here.heard()).hasSize(20).doesNotHaveDuplicates();
        assertThat(away.heard()).hasSize(20).doesNotHaveDuplicates();
        assertThat(here.heard()).filteredOn(type -> type.startsWith("second")).isSorted();
      }
      assertThat(away.awaitEnd()).isEqualTo(1001);
      assertThat(here.socket().isClosed()).isFalse();
    }
  }

  @Test
  void whatIsTooMuchForOneLookIsLeftOutAndSaid() {
    String tenant = tenant();
    try (RunningServer second = start(Map.of())) {
      Stream here = client.open(key(tenant), "");
      JsonArray batch = new JsonArray();
      IntStream.range(0, 500)
          .forEach(i -> batch.add(new JsonObject().put("type", "many").put("data", i)));
      second.post("/webhooks/v1/events/batch", batch.encode(), "Posthaste-Tenant", tenant);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> here.messages("gap").size() == 1 && here.heard().size() == 50);
      publishAt(second, tenant, "{\"type\":\"after\",\"data\":1}");
      assertThat(here.awaitEvents(51).heard().getLast()).isEqualTo("after");
    }
  }

  @Test
  void whatPosthasteItselfTellsIsHeardOnTheSameNode() {
    Stream stream = client.open(OPERATOR, "?types=endpoint.*", "Posthaste-Tenant", "operations");
    createEndpoint("operations", "https://example.com/operations");
    createEndpoint(tenant(), "https://example.com/hooks");
    stream.awaitEvents(1);
    assertThat(stream.heard()).allMatch(type -> type.startsWith("endpoint."));
  }

  private void createEndpoint(String tenant, String at) {
    JsonObject body =
        new JsonObject().put("url", at).put("eventTypeFilters", new JsonArray(List.of("*")));
    node.post("/webhooks/v1/endpoints", body.encode(), "Posthaste-Tenant", tenant);
  }

  private String tenant() {
    return tenant(null);
  }

  private String tenant(String catalog) {
    String uid = "t" + names.incrementAndGet();
    JsonObject body = new JsonObject().put("uid", uid).put("name", uid);
    if (catalog != null) {
      body.put("catalog", catalog);
    }
    node.post("/admin/v1/tenants", body.encode());
    return uid;
  }

  private String key(String tenant) {
    return keyWith(tenant, "deliveries:read", null);
  }

  private String key(String tenant, String scope) {
    return keyWith(tenant, "deliveries:read", scope);
  }

  private String keyWith(String tenant, String permission, String scope) {
    return createKey(tenant, permission, scope).getString("secret");
  }

  private JsonObject createKey(String tenant, String permission, String scope) {
    JsonObject body =
        new JsonObject()
            .put("tenant", tenant)
            .put("name", "test")
            .put("permissions", new JsonArray(List.of(permission)));
    if (scope != null) {
      body.put("scopes", new JsonArray(List.of(scope)));
    }
    return new JsonObject(node.post("/admin/v1/keys", body.encode()));
  }

  private void publish(String tenant, String event) {
    publishAt(node, tenant, event);
  }

  private static void publishAt(RunningServer at, String tenant, String event) {
    String answer = at.post("/webhooks/v1/events", event, "Posthaste-Tenant", tenant);
    assertThat(answer).contains("deliveries");
  }
}
