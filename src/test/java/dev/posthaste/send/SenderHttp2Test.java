package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import dev.posthaste.support.TestVertx;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deliveries speak HTTP/1.1, on purpose, and get through to receivers that also speak HTTP/2. */
class SenderHttp2Test {
  @TempDir private static Path folder;

  private final Queue<HttpVersion> seen = new ConcurrentLinkedQueue<>();

  @Test
  void aReceiverThatOffersHttp2OverTlsIsSpokenToInHttp11() throws Exception {
    TestCertificate authority = TestCertificate.authority(folder);
    TestCertificate server = authority.sign("dns:localhost", "-1d");
    Vertx vertx = TestVertx.create(1);
    try (SendRig rig = new SendRig(SendRig.LOOPBACK.trusting(List.of(authority.authorityPem())))) {
      HttpServer receiver =
          serve(vertx, server.serverOptions().setUseAlpn(true).setAlpnVersions(offered()));

      for (int i = 0; i < 3; i++) {
        String url = "https://localhost:" + receiver.actualPort() + "/";
        assertThat(rig.answered(url).status()).isEqualTo(200);
      }
      assertThat(seen).hasSize(3).containsOnly(HttpVersion.HTTP_1_1);
    } finally {
      SendRig.await(vertx.close());
    }
  }

  @Test
  void aReceiverThatOffersOnlyHttp2OverTlsIsATlsErrorThatSaysSo() throws Exception {
    TestCertificate authority = TestCertificate.authority(folder);
    TestCertificate server = authority.sign("dns:localhost", "-1d");
    try (SendRig rig = new SendRig(SendRig.LOOPBACK.trusting(List.of(authority.authorityPem())));
        RawReceiver receiver =
            new RawReceiver(
                server.serverSockets(),
                (talk, number) -> {
                  talk.offer("h2");
                  talk.readRequest();
                })) {
      String url = "https://localhost:" + receiver.port() + "/";

      Reply.Unanswered reply = rig.unanswered(url, SendRig.LONG);
      assertThat(reply.reason()).isEqualTo(Reason.TLS);
      assertThat(reply.detail()).containsIgnoringCase("no_application_protocol");
      assertThat(receiver.requests()).isEmpty();
      receiver.turn(RawReceiver.always(RawReceiver.OK));
      assertThat(rig.answered(url).status()).isEqualTo(200);
    }
  }

  @Test
  void aReceiverThatOffersHttp2InTheClearIsSpokenToInHttp11() {
    Vertx vertx = TestVertx.create(1);
    try (SendRig rig = new SendRig(SendRig.LOOPBACK)) {
      HttpServer receiver = serve(vertx, new HttpServerOptions().setHttp2ClearTextEnabled(true));

      assertThat(rig.answered("http://127.0.0.1:" + receiver.actualPort() + "/").status())
          .isEqualTo(200);
      assertThat(seen).containsExactly(HttpVersion.HTTP_1_1);
    } finally {
      SendRig.await(vertx.close());
    }
  }

  @Test
  void aReceiverThatSpeaksOnlyHttp2IsAFailureWithinTheDeadline() throws IOException {
    byte[] settingsThenGoAway = {
      0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
    };
    try (SendRig rig = new SendRig(SendRig.LOOPBACK);
        RawReceiver receiver =
            new RawReceiver(
                (talk, number) -> {
                  talk.readRequest();
                  talk.write(settingsThenGoAway);
                  talk.hang();
                })) {
      String url = "http://127.0.0.1:" + receiver.port() + "/";

      assertThat(rig.unanswered(url, 2_000).reason())
          .isIn(Reason.INVALID_RESPONSE, Reason.RESET, Reason.TIMEOUT);
      receiver.turn(RawReceiver.always(RawReceiver.OK));
      assertThat(rig.answered(url).status()).isEqualTo(200);
    }
  }

  private HttpServer serve(Vertx vertx, HttpServerOptions options) {
    return SendRig.await(
        vertx
            .createHttpServer(options)
            .requestHandler(
                request -> {
                  seen.add(request.version());
                  request.response().end("ok");
                })
            .listen(0, "127.0.0.1"));
  }

  private static List<HttpVersion> offered() {
    return List.of(HttpVersion.HTTP_2, HttpVersion.HTTP_1_1);
  }
}
