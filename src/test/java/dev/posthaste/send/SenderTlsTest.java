package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import dev.posthaste.support.TestVertx;
import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.TrustOptions;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Certificates are verified, always. The sender uses BoringSSL, the receivers the JDK. */
class SenderTlsTest {
  @TempDir private static Path folder;

  private static TestCertificate authority;
  private static TestCertificate good;
  private static TestCertificate otherHost;
  private static TestCertificate expired;
  private static TestCertificate unknown;
  private static SendRig rig;

  @BeforeAll
  static void makeCertificates() throws Exception {
    authority = TestCertificate.authority(folder);
    good = authority.sign("dns:localhost,ip:127.0.0.1", "-1d");
    otherHost = authority.sign("dns:other.example", "-1d");
    expired = authority.sign("dns:localhost,ip:127.0.0.1", "-9d");
    unknown = TestCertificate.authority(folder).sign("dns:localhost,ip:127.0.0.1", "-1d");
    rig = new SendRig(settings());
  }

  @AfterEach
  void nothingIsLeftInFlight() {
    assertThat(rig.inFlight()).isZero();
  }

  @AfterAll
  static void close() {
    rig.close();
  }

  @Test
  void aCertificateOfATrustedAuthorityWorksByNameAndByAddress() throws Exception {
    try (RawReceiver receiver = receiver(good)) {
      assertThat(rig.answered("https://localhost:" + receiver.port() + "/").status())
          .isEqualTo(200);
      assertThat(rig.answered("https://127.0.0.1:" + receiver.port() + "/").status())
          .isEqualTo(200);
      assertThat(rig.answered("https://localhost:" + receiver.port() + "/").status())
          .isEqualTo(200);

      assertThat(receiver.connections()).isEqualTo(2);
      assertThat(receiver.requests().element())
          .contains("host: localhost:" + receiver.port() + "\r\n");
    }
  }

  @Test
  void theNameAndNotTheAddressIsAskedForAndVerified() throws Exception {
    Queue<String> names = new ConcurrentLinkedQueue<>();
    TestCertificate named = authority.sign("dns:hooks.example", "-1d");
    try (FakeDns dns = new FakeDns();
        SendRig rig = new SendRig(settings().asking(List.of(dns.address())));
        RawReceiver receiver =
            new RawReceiver(
                named.serverSockets(),
                (talk, number) -> {
                  talk.readRequest();
                  names.add(talk.serverName());
                  talk.write(RawReceiver.OK);
                })) {
      dns.know("hooks.example", 60, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
      dns.know("other.example", 60, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));

      assertThat(rig.answered("https://hooks.example:" + receiver.port() + "/").status())
          .isEqualTo(200);
      assertThat(names).containsExactly("hooks.example");
      assertThat(rig.unanswered("https://other.example:" + receiver.port() + "/", SendRig.LONG))
          .extracting(Reply.Unanswered::reason)
          .isEqualTo(Reason.TLS);
    }
  }

  @Test
  void boringSslIsInUse() {
    assertThat(OpenSsl.versionString()).isEqualTo("BoringSSL");
  }

  @Test
  void aCertificateForAnotherHostIsRefused() throws Exception {
    isRefused(otherHost, "localhost");
  }

  @Test
  void anExpiredCertificateIsRefused() throws Exception {
    isRefused(expired, "NotAfter");
  }

  @Test
  void aCertificateOfAnUnknownAuthorityIsRefused() throws Exception {
    isRefused(unknown, "");
  }

  @Test
  void aSelfSignedCertificateIsRefused() throws Exception {
    isRefused(TestCertificate.selfSigned(folder), "");
  }

  @Test
  void aCertificateThatIsNotYetValidIsRefused() throws Exception {
    isRefused(authority.sign("dns:localhost,ip:127.0.0.1", "+1d"), "NotBefore");
  }

  @ParameterizedTest
  @CsvSource({"TLSv1, false", "TLSv1.1, false", "TLSv1.2, true", "TLSv1.3, true"})
  void aReceiverOfOldTlsIsRefused(String protocol, boolean spoken) throws Exception {
    Vertx vertx = TestVertx.create(1);
    try {
      HttpServer receiver =
          SendRig.await(
              vertx
                  .createHttpServer(
                      good.serverOptions().setEnabledSecureTransportProtocols(Set.of(protocol)))
                  .requestHandler(request -> request.response().end())
                  .listen(0, "127.0.0.1"));
      assertThat(statusBySimilarClient(vertx, protocol, receiver.actualPort())).isEqualTo(200);
      Reply reply = rig.post("https://localhost:" + receiver.actualPort() + "/", SendRig.LONG);

      if (spoken) {
        assertThat(reply).isInstanceOf(Reply.Answered.class);
      } else {
        assertThat(reply)
            .isInstanceOfSatisfying(
                Reply.Unanswered.class,
                refused -> assertThat(refused.reason()).isEqualTo(Reason.TLS));
      }
    } finally {
      SendRig.await(vertx.close());
    }
  }

  @Test
  void aReceiverThatSpeaksNoTlsIsATlsError() throws Exception {
    try (RawReceiver receiver =
        new RawReceiver((talk, number) -> talk.write("HTTP/1.1 400 No\r\n\r\n"))) {
      Reply.Unanswered reply =
          rig.unanswered("https://localhost:" + receiver.port() + "/", SendRig.LONG);

      assertThat(reply.reason()).isEqualTo(Reason.TLS);
    }
  }

  @Test
  void aReceiverThatClosesDuringTheHandshakeIsATlsError() throws Exception {
    try (RawReceiver receiver = new RawReceiver((talk, number) -> {})) {
      Reply.Unanswered reply =
          rig.unanswered("https://localhost:" + receiver.port() + "/", SendRig.LONG);

      assertThat(reply.reason()).isEqualTo(Reason.TLS);
    }
  }

  @Test
  void aHandshakeThatHangsIsCutOffAtTheDeadline() throws Exception {
    try (RawReceiver receiver = new RawReceiver((talk, number) -> talk.hang())) {
      Reply.Unanswered reply = rig.unanswered("https://localhost:" + receiver.port() + "/", 300);

      assertThat(reply.reason()).isEqualTo(Reason.TIMEOUT);
    }
  }

  @Test
  void aFileThatHoldsNoCertificateIsNamedAtTheStart() throws Exception {
    Path missing = folder.resolve("missing.pem");
    Path empty = Files.createFile(folder.resolve("empty.pem"));

    assertThatThrownBy(() -> Authorities.with(List.of(missing)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("missing.pem");
    assertThatThrownBy(() -> Authorities.with(List.of(empty)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("empty.pem");
  }

  /** The control of a refusal: all that is different about this client is what it speaks. */
  private static int statusBySimilarClient(Vertx vertx, String protocol, int port)
      throws Exception {
    HttpClientOptions options =
        new HttpClientOptions()
            .setSsl(true)
            .setSslEngineOptions(new OpenSSLEngineOptions())
            .setEnabledSecureTransportProtocols(Set.of(protocol))
            .setTrustOptions(TrustOptions.wrap(Authorities.with(settings().authorities())));
    HttpClient client = vertx.createHttpClient(options);
    return SendRig.await(
        client
            .request(HttpMethod.POST, port, "localhost", "/")
            .compose(HttpClientRequest::send)
            .map(HttpClientResponse::statusCode));
  }

  private static void isRefused(TestCertificate certificate, String detail) throws Exception {
    try (RawReceiver receiver = receiver(certificate)) {
      Reply.Unanswered reply =
          rig.unanswered("https://localhost:" + receiver.port() + "/", SendRig.LONG);

      assertThat(reply.reason()).isEqualTo(Reason.TLS);
      assertThat(reply.detail()).containsIgnoringCase(detail);
      assertThat(receiver.requests()).isEmpty();
    }
  }

  private static SendSettings settings() throws Exception {
    return SendRig.LOOPBACK.trusting(List.of(authority.authorityPem()));
  }

  private static RawReceiver receiver(TestCertificate certificate) throws Exception {
    return new RawReceiver(certificate.serverSockets(), RawReceiver.always(RawReceiver.OK));
  }
}
