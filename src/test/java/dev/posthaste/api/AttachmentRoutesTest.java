package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static dev.posthaste.event.ApiKey.Permission.EVENTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.PublicId;
import dev.posthaste.support.Sql;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttachmentRoutesTest extends WithApiServer {
  private static final String ATTACHMENTS = "/webhooks/v1/attachments";
  private static final HttpClient ANYBODY = HttpClient.newHttpClient();

  private String key;
  private HttpCall acme;

  @BeforeEach
  void startEmpty() throws Exception {
    server.sql("TRUNCATE attachment, attachment_chunk, kept_answer, audit");
    key = server.key(server.acme, EVENTS_WRITE, DELIVERIES_READ);
    acme = server.as(key);
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private HttpCall.Answer store(HttpCall as, String query, BodyPublisher body, String... headers)
      throws Exception {
    HttpRequest.Builder request = as.request(ATTACHMENTS + query).POST(body);
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return as.send(request);
  }

  private String stored(int length) throws Exception {
    return store(acme, "", BodyPublishers.ofByteArray(bytes(length)))
        .ok(201)
        .json("attachment")
        .getString("attachmentId");
  }

  private JsonObject link(String id) throws Exception {
    return acme.get(ATTACHMENTS + "/" + id).ok(200).json();
  }

  private static HttpResponse<byte[]> fetch(String url) throws Exception {
    return ANYBODY.send(
        HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofByteArray());
  }

  private int count(String table) throws Exception {
    return Integer.parseInt(Sql.column(server.url, "SELECT count(*) FROM " + table).getFirst());
  }

  private void nothingIsLeft() {
    await()
        .untilAsserted(
            () -> {
              assertThat(count("attachment")).isZero();
              assertThat(count("attachment_chunk")).isZero();
            });
  }

  @Test
  void aFileComesBackAsItWasByALinkThatNeedsNoKey() throws Exception {
    byte[] file = bytes(700_001);
    JsonObject attachment =
        store(
                acme,
                "?filename=bill%20%E2%82%AC.pdf",
                BodyPublishers.ofByteArray(file),
                "content-type",
                "application/pdf; x=1")
            .ok(201)
            .json("attachment");
    String digest = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(file));
    assertThat(attachment.getString("sha256")).isEqualTo(digest);
    assertThat(attachment.getLong("size")).isEqualTo(file.length);
    assertThat(attachment.getString("contentType")).isEqualTo("application/pdf");
    assertThat(attachment.getString("filename")).isEqualTo("bill \u20ac.pdf");
    JsonObject link = link(attachment.getString("attachmentId"));
    assertThat(link.getJsonObject("attachment")).isEqualTo(attachment);
    assertThat(link.getString("expiresAt")).isEqualTo("2026-01-01T00:15:00.000Z");
    assertThat(link.getString("downloadUrl")).startsWith("http://127.0.0.1:" + acme.port() + "/");
    HttpResponse<byte[]> fetched = fetch(link.getString("downloadUrl"));
    assertThat(fetched.statusCode()).isEqualTo(200);
    assertThat(fetched.body()).isEqualTo(file);
    assertThat(fetched.headers().map())
        .containsEntry("content-type", java.util.List.of("application/pdf"))
        .containsEntry("content-length", java.util.List.of("700001"))
        .containsEntry("x-content-type-options", java.util.List.of("nosniff"))
        .containsEntry("cache-control", java.util.List.of("private"))
        .containsEntry(
            "content-disposition",
            java.util.List.of(
                "attachment; filename=\"bill _.pdf\"; filename*=UTF-8''bill%20%E2%82%AC.pdf"));
    assertThat(count("attachment_chunk")).isGreaterThan(1);
  }

  @Test
  void whatABrowserMightRunIsOnlyBytesAndANameHasNoFolders() throws Exception {
    JsonObject page =
        store(
                acme,
                "",
                BodyPublishers.ofString("<script>"),
                "content-type",
                "text/html",
                "content-disposition",
                "attachment; filename=\"..\\\\up/a \\\"b\\\".html\"")
            .ok(201)
            .json("attachment");
    assertThat(page.getString("contentType")).isEqualTo("text/html");
    assertThat(page.getString("filename")).isEqualTo("a \"b\".html");
    HttpResponse<byte[]> fetched =
        fetch(link(page.getString("attachmentId")).getString("downloadUrl"));
    assertThat(fetched.headers().firstValue("content-type")).contains("application/octet-stream");
    assertThat(fetched.headers().firstValue("content-security-policy").orElse(""))
        .contains("sandbox");
    JsonObject nothing =
        store(acme, "?filename=empty.txt", BodyPublishers.noBody()).ok(201).json("attachment");
    assertThat(nothing.getLong("size")).isZero();
    assertThat(fetch(link(nothing.getString("attachmentId")).getString("downloadUrl")).body())
        .isEmpty();
    assertThat(store(acme, "?filename=%07", BodyPublishers.noBody()).fault("/query/filename"))
        .contains("control");
    store(acme, "", BodyPublishers.noBody(), "content-type", "nonsense").problem(415);
    store(acme, "?filename=%F0%9F%93%8E.png", BodyPublishers.noBody()).ok(201);
  }

  @Test
  void aLinkThatHasEndedOrWasChangedLeadsNowhere() throws Exception {
    String first = link(stored(10)).getString("downloadUrl");
    String other = stored(11);
    assertThat(fetch(first.replace("signature=", "signature=A")).statusCode()).isEqualTo(403);
    assertThat(fetch(first.replace("expires=1", "expires=2")).statusCode()).isEqualTo(403);
    assertThat(fetch(first.replaceAll("att_\\w+", other)).statusCode()).isEqualTo(403);
    assertThat(fetch(first.replaceAll("\\?.*", "")).statusCode()).isEqualTo(403);
    assertThat(fetch(first.replaceAll("att_\\w+", "nobody")).statusCode()).isEqualTo(403);
    server.linkClock.advance(Duration.ofMinutes(15).minusSeconds(1));
    assertThat(fetch(first).statusCode()).isEqualTo(200);
    server.linkClock.advance(Duration.ofSeconds(1));
    HttpResponse<byte[]> ended = fetch(first);
    assertThat(ended.statusCode()).isEqualTo(403);
    assertThat(new String(ended.body(), StandardCharsets.UTF_8)).contains("Ask for a new one");
    server.linkClock.set(java.time.Instant.parse("2026-01-01T00:00:00Z"));
  }

  @Test
  void aFileIsDeletedForGood() throws Exception {
    String id = stored(300_000);
    String link = link(id).getString("downloadUrl");
    acme.delete(ATTACHMENTS + "/" + id).ok(204);
    acme.delete(ATTACHMENTS + "/" + id).problem(404);
    acme.get(ATTACHMENTS + "/" + id).problem(404);
    assertThat(fetch(link).statusCode()).isEqualTo(404);
    nothingIsLeft();
    assertThat(Sql.column(server.url, "SELECT action || ' ' || subject FROM audit ORDER BY id"))
        .containsExactly("attachment.stored " + id, "attachment.deleted " + id);
  }

  @Test
  void whatIsTooLargeIsRefusedAndLeavesNothing() throws Exception {
    byte[] file = bytes(1024 * 1024 + 1);
    store(acme, "", BodyPublishers.ofByteArray(file)).problem(413);
    byte[] length = Arrays.copyOf(file, file.length - 1);
    BodyPublisher unannounced =
        BodyPublishers.concat(
            BodyPublishers.ofByteArray(length),
            BodyPublishers.fromPublisher(BodyPublishers.ofByteArray(new byte[1])));
    assertThat(unannounced.contentLength()).isNegative();
    try {
      store(acme, "", unannounced).problem(413);
    } catch (java.util.concurrent.ExecutionException e) {
      // The connection is closed while the client still sends: it may not see the answer.
      assertThat(e).hasCauseInstanceOf(IOException.class);
    }
    nothingIsLeft();
    store(acme, "", BodyPublishers.ofByteArray(length)).ok(201);
  }

  @Test
  void aTenantThatHasNoRoomIsToldToDeleteSomething() throws Exception {
    for (int i = 0; i < 3; i++) {
      stored(1024 * 1024 - i);
    }
    HttpCall.Answer full = store(acme, "", BodyPublishers.ofByteArray(bytes(5_000)));
    JsonObject problem = full.problem(409);
    assertThat(problem.getString("code")).isEqualTo("no_room");
    assertThat(problem.getString("detail")).contains("Delete").contains("maxPerTenant");
    assertThat(full.header("x-should-retry")).isEqualTo("false");
    HttpCall other = server.as(server.key(server.other, EVENTS_WRITE));
    store(other, "", BodyPublishers.ofByteArray(bytes(5_000))).ok(201);
    server.sql("DELETE FROM attachment WHERE id = (SELECT min(id) FROM attachment)");
    stored(5_000);
  }

  @Test
  void anUploadThatIsCutOffLeavesNothing() throws Exception {
    try (Socket socket = begun(900_000, 500_000)) {
      await().until(() -> count("attachment_chunk") > 0);
      socket.setSoLinger(true, 0);
    }
    nothingIsLeft();
    assertThat(count("audit")).isZero();
  }

  @Test
  void anUploadThatTakesTooLongIsEnded() throws Exception {
    try (Socket socket = begun(900_000, 1_000)) {
      String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 408 ").contains("too_slow");
    }
    nothingIsLeft();
  }

  @Test
  void moreThanSoManyAtOnceAreToldToComeAgain() throws Exception {
    try (Socket one = begun(900_000, 1_000);
        Socket two = begun(900_000, 1_000);
        Socket three = begun(900_000, 1_000)) {
      assertThat(java.util.List.of(one, two, three)).allMatch(Socket::isConnected);
      await().until(() -> count("attachment") == 3);
      HttpCall.Answer refused = store(acme, "", BodyPublishers.ofByteArray(bytes(10)));
      refused.problem(429);
      assertThat(refused.header("retry-after")).isEqualTo("2");
    }
    nothingIsLeft();
    stored(10);
  }

  /** An upload of which only the first bytes are sent. */
  private Socket begun(int length, int sent) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), acme.port());
    socket.setSoTimeout(30_000);
    String head =
        "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
            .formatted(ATTACHMENTS, key, length);
    socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().write(new byte[sent]);
    socket.getOutputStream().flush();
    return socket;
  }

  @Test
  void aRepeatGetsTheSameAnswerAndTheFileIsThereOnce() throws Exception {
    BodyPublisher file = BodyPublishers.ofByteArray(bytes(300_000));
    HttpCall.Answer first = store(acme, "?filename=a", file, "idempotency-key", "one").ok(201);
    HttpCall.Answer again = store(acme, "?filename=a", file, "idempotency-key", "one").ok(201);
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(again.header("idempotent-replayed")).isEqualTo("true");
    BodyPublisher changed = BodyPublishers.ofByteArray(bytes(300_001));
    store(acme, "?filename=a", changed, "idempotency-key", "one").fault("/header/Idempotency-Key");
    store(acme, "?filename=b", file, "idempotency-key", "one").fault("/header/Idempotency-Key");
    await().untilAsserted(() -> assertThat(count("attachment")).isEqualTo(1));
    assertThat(count("audit")).isEqualTo(1);
  }

  @Test
  void itTakesThePermissionAndTheTenant() throws Exception {
    String id = stored(10);
    HttpCall other = server.as(server.key(server.other, EVENTS_WRITE, DELIVERIES_READ));
    other.get(ATTACHMENTS + "/" + id).problem(404);
    other.delete(ATTACHMENTS + "/" + id).problem(404);
    acme.get(ATTACHMENTS + "/" + PublicId.ATTACHMENT.format(5)).problem(404);
    acme.get(ATTACHMENTS + "/nonsense").problem(404);
    HttpCall reader = server.as(server.key(server.acme, DELIVERIES_READ));
    reader.get(ATTACHMENTS + "/" + id).ok(200);
    reader.delete(ATTACHMENTS + "/" + id).problem(403);
    store(reader, "", BodyPublishers.noBody()).problem(403);
    server.as(server.key(server.acme, EVENTS_WRITE)).get(ATTACHMENTS + "/" + id).problem(403);
    assertThat(count("attachment")).isEqualTo(1);
  }
}
