package dev.posthaste.api;

import static dev.posthaste.event.ApiKey.Permission.DELIVERIES_READ;
import static dev.posthaste.event.ApiKey.Permission.EVENTS_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.AttachmentSettings;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What becomes of those who take files slowly, or many at once. */
@ExtendWith(PostgresExtension.class)
class AttachmentLimitsTest {
  private static final String ATTACHMENTS = "/webhooks/v1/attachments";
  private static final Duration LONG = Duration.ofHours(1);

  /** More than the sockets between a server and a client that does not read can take. */
  private static final int LARGE = 16 * 1024 * 1024;

  private ApiServer server;
  private String key;
  private HttpCall acme;

  private void open(DatabaseUrl url, int perTenant, Duration chunkTimeout) throws Exception {
    server =
        new ApiServer(
            url,
            new AttachmentSettings(LARGE, 10L * LARGE, LONG, 4, perTenant, LONG, chunkTimeout));
    key = server.key(server.acme, EVENTS_WRITE, DELIVERIES_READ);
    acme = server.as(key);
  }

  @AfterEach
  void close() throws Exception {
    server.close();
  }

  private static HttpCall.Answer store(HttpCall as, int length) throws Exception {
    return as.send(as.request(ATTACHMENTS).POST(BodyPublishers.ofByteArray(new byte[length])));
  }

  /** A link to a file of that size. */
  private static URI link(HttpCall as, int length) throws Exception {
    String id = store(as, length).ok(201).json("attachment").getString("attachmentId");
    return URI.create(as.get(ATTACHMENTS + "/" + id).ok(200).json().getString("downloadUrl"));
  }

  private static HttpCall.Answer fetch(HttpCall as, URI link) throws Exception {
    return new HttpCall(as.port(), null).get(link.getPath() + "?" + link.getQuery());
  }

  private Socket send(String head) throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(4_096);
    socket.setSoTimeout(60_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), acme.port()));
    socket.getOutputStream().write((head + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    return socket;
  }

  /** A download of which the client reads no more than that it has begun. */
  private Socket begun(URI link) throws IOException {
    Socket socket =
        send("GET %s?%s HTTP/1.1\r\nHost: x".formatted(link.getRawPath(), link.getRawQuery()));
    assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII))
        .isEqualTo("HTTP/1.1 200");
    return socket;
  }

  @Test
  void aLinkThatIsOpenedOftenAndReadSlowlyLeavesRoomForOtherTenants(@PerTest DatabaseUrl url)
      throws Exception {
    open(url, 2, LONG);
    URI large = link(acme, LARGE);
    HttpCall other = server.as(server.key(server.other, EVENTS_WRITE, DELIVERIES_READ));
    URI others = link(other, 10);
    try (Socket one = begun(large);
        Socket two = begun(large)) {
      assertThat(one.isConnected() && two.isConnected()).isTrue();
      for (HttpCall.Answer refused : new HttpCall.Answer[] {fetch(acme, large), store(acme, 10)}) {
        assertThat(refused.problem(429).getString("detail"))
            .contains("attachments.maxTransfersPerTenant");
        assertThat(refused.header("retry-after")).isEqualTo("2");
      }
      assertThat(fetch(other, others).ok(200).text()).hasSize(10);
      store(other, 10).ok(201);
    }
    await().untilAsserted(() -> store(acme, 10).ok(201));
  }

  @Test
  void whatHardlyMovesIsEndedLongBeforeItsTime(@PerTest DatabaseUrl url) throws Exception {
    open(url, 1, Duration.ofSeconds(2));
    URI large = link(acme, LARGE);
    try (Socket download = begun(large)) {
      await().until(() -> store(acme, 10).status() == 201);
      assertThat(rest(download)).isLessThan(LARGE);
    }
    try (Socket upload =
        send(
            "POST %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\nContent-Length: 900000"
                .formatted(ATTACHMENTS, key))) {
      String answer = new String(upload.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 408 ").contains("attachments.chunkTimeout");
    }
    assertThat(fetch(acme, large).ok(200).text()).hasSize(LARGE);
  }

  /** How many bytes still come. */
  private static int rest(Socket download) throws IOException {
    byte[] some = new byte[65_536];
    int all = 0;
    try {
      for (int more = 0; more >= 0; more = download.getInputStream().read(some)) {
        all += more;
      }
    } catch (SocketException reset) {
      // Cut off, without a proper end.
    }
    return all;
  }
}
