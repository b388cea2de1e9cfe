package dev.posthaste.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import io.vertx.core.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What hostile receivers can do to us: nothing that outlasts the deadline, nothing that grows, and
 * nothing that is in the way of the next delivery to the same host.
 */
class SenderLimitsTest {
  private static final SendRig RIG = new SendRig(SendRig.single(Duration.ofSeconds(5)));
  private static final long SHORT = 300;
  private static final String PROVISIONAL = "HTTP/1.1 100 Continue\r\n\r\n";

  private RawReceiver receiver;

  @AfterAll
  static void closeRig() {
    RIG.close();
  }

  @AfterEach
  void theNextDeliveryIsMadeAndNothingIsLeftInFlight() throws IOException {
    receiver.turn(RawReceiver.always(RawReceiver.OK));
    post();
    receiver.close();
    assertThat(RIG.inFlight()).isZero();
  }

  @Test
  void aReceiverThatNeverAnswersIsCutOffAtTheDeadline() throws IOException {
    timesOut(
        (talk, number) -> {
          talk.readRequest();
          talk.hang();
        });
  }

  @Test
  void aReceiverThatAcceptsAndNeverReadsIsCutOffAtTheDeadline() throws IOException {
    timesOut((talk, number) -> Thread.sleep(60_000));

    assertThat(RIG.postLarge(url(), 16 << 20, SHORT))
        .isInstanceOfSatisfying(
            Reply.Unanswered.class, reply -> assertThat(reply.reason()).isEqualTo(Reason.TIMEOUT));
  }

  @Test
  void headersThatDripAreCutOffAtTheDeadline() throws IOException {
    timesOut(
        (talk, number) -> {
          talk.readRequest();
          talk.drip("HTTP/1.1 200 OK\r\nx-padding: " + "x".repeat(2_000));
        });
  }

  @Test
  void aBodyThatDripsIsCutOffAtTheDeadlineAlthoughTheStatusIsKnown() throws IOException {
    timesOut(
        (talk, number) -> {
          talk.readRequest();
          talk.write("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n");
          talk.drip("x".repeat(2_000));
        });
  }

  @Test
  void aConnectionThatIsDeafAndDumbFromTheStartIsCutOffAtTheDeadline() throws IOException {
    timesOut((talk, number) -> talk.hang());
  }

  @Test
  void tenThousandHeadersAreAnInvalidResponse() throws IOException {
    isInvalid(
        (talk, number) -> {
          talk.readRequest();
          talk.write("HTTP/1.1 200 OK\r\n");
          for (int i = 0; i < 10_000; i++) {
            talk.write("x-" + i + ": y\r\n");
          }
          talk.write("content-length: 0\r\n\r\n");
        });
  }

  @Test
  void aFloodOfProvisionalAnswersIsAnInvalidResponseAndOthersAreAnswered() throws IOException {
    byte[] flood = PROVISIONAL.repeat((64 << 10) / PROVISIONAL.length()).getBytes(UTF_8);
    receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              while (true) {
                talk.write(flood);
              }
            });
    try (RawReceiver other = new RawReceiver(RawReceiver.always(RawReceiver.OK))) {
      Future<Reply> flooded = RIG.start(url(), SendRig.LONG);

      assertThat(RIG.answered("http://127.0.0.1:" + other.port() + "/").status()).isEqualTo(200);
      assertThat(SendRig.await(flooded))
          .isInstanceOfSatisfying(
              Reply.Unanswered.class,
              reply -> assertThat(reply.reason()).isEqualTo(Reason.INVALID_RESPONSE));
    }
  }

  @Test
  void provisionalAnswersUpToTheLimitAreLeftOutOfEveryAnswer() throws IOException {
    Reply.Answered reply = answerTo(RawReceiver.always(PROVISIONAL.repeat(16) + RawReceiver.OK));
    post();

    assertThat(reply.status()).isEqualTo(200);
    assertThat(receiver.connections()).isOne();
  }

  @Test
  void moreProvisionalAnswersThanTheLimitAreAnInvalidResponse() throws IOException {
    isInvalid(RawReceiver.always(PROVISIONAL.repeat(17) + RawReceiver.OK));
  }

  @Test
  void endlessTrailersAreAnInvalidResponse() throws IOException {
    isInvalid(
        (talk, number) -> {
          talk.readRequest();
          talk.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n");
          while (true) {
            talk.write("x: " + "y".repeat(1_000) + "\r\n");
          }
        });
  }

  @Test
  void anEndlessChunkExtensionIsAnInvalidResponse() throws IOException {
    isInvalid(
        (talk, number) -> {
          talk.readRequest();
          talk.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2;");
          while (true) {
            talk.write("x".repeat(1_000));
          }
        });
  }

  @Test
  void endlesslyManySmallChunksAreReadUpToTheCapAndTheConnectionIsCut() throws IOException {
    CountDownLatch cut = new CountDownLatch(1);
    Reply.Answered reply =
        answerTo(
            (talk, number) -> {
              talk.readRequest();
              talk.write("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
              try {
                while (true) {
                  talk.write("1\r\nx\r\n".repeat(1_000));
                }
              } finally {
                cut.countDown();
              }
            });

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.excerpt()).isEqualTo("x".repeat(SendSettings.DEFAULT.keptResponseBytes()));
    assertThat(cut).satisfies(latch -> assertThat(latch.await(10, SECONDS)).isTrue());
  }

  @Test
  void anEndlessBodyIsReadUpToTheCapAndItsStatusCounts() throws IOException {
    Reply.Answered reply =
        answerTo(
            (talk, number) -> {
              talk.readRequest();
              talk.write(
                  "HTTP/1.1 503 Busy\r\nretry-after: 17\r\ncontent-length: 9999999999\r\n\r\n");
              while (true) {
                talk.write("x".repeat(4_096));
              }
            });

    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.retryAfter()).hasValue("17");
    assertThat(reply.excerpt()).isEqualTo("x".repeat(SendSettings.DEFAULT.keptResponseBytes()));
  }

  @Test
  void aBodyInManyPiecesIsKeptUpToTheExcerptAndTheConnectionStays() throws IOException {
    String answer =
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
            + ("3e8\r\n" + "0123456789".repeat(100) + "\r\n").repeat(60)
            + "0\r\n\r\n";
    Reply.Answered reply = answerTo(RawReceiver.always(answer));
    post();

    assertThat(reply.excerpt())
        .hasSize(SendSettings.DEFAULT.keptResponseBytes())
        .startsWith("01234567890");
    assertThat(receiver.connections()).isOne();
  }

  @Test
  void anExcerptIsCutBetweenCharactersAndHoldsNoNul() throws IOException {
    byte[] body = ("\0" + "€".repeat(6_000)).getBytes(UTF_8);
    Reply.Answered reply =
        answerTo(
            (talk, number) -> {
              talk.readRequest();
              talk.write("HTTP/1.1 200 OK\r\ncontent-length: " + body.length + "\r\n\r\n");
              talk.write(body);
            });

    assertThat(reply.excerpt())
        .isEqualTo("\ufffd" + "€".repeat(SendSettings.DEFAULT.keptResponseBytes() / 3));
  }

  @Test
  void aCompressedBodyIsNeverDecompressed() throws IOException {
    byte[] bomb = gzip(new byte[1_000_000]);
    Reply.Answered reply =
        answerTo(
            (talk, number) -> {
              talk.readRequest();
              talk.write(
                  "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: "
                      + bomb.length
                      + "\r\n\r\n");
              talk.write(bomb);
            });

    assertThat(receiver.requests().element()).contains("accept-encoding: identity\r\n");
    assertThat(reply.excerpt()).hasSizeLessThanOrEqualTo(bomb.length).startsWith("\u001f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\r\nx: OVERSIZED\r\n\r\n",
        "HTTP/1.1 200 OK\r\ncontent-length: minus\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nno-size\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.9\r\nnot http at all\r\n\r\n",
      })
  void whatIsNoProperAnswerIsAnInvalidResponse(String answer) throws IOException {
    isInvalid(RawReceiver.always(answer.replace("OVERSIZED", "x".repeat(8_192))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 20", "HTTP/1.1 200 OK\r\nx: y", "HTTP/1.1 200 OK\r\ncontent-le"})
  void aConnectionThatIsResetWithinTheHeadIsAReset(String part) throws IOException {
    receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              talk.write(part);
              talk.resetConnection();
            });

    assertThat(RIG.unanswered(url(), SendRig.LONG).reason()).isEqualTo(Reason.RESET);
  }

  private void timesOut(RawReceiver.Script script) throws IOException {
    receiver = new RawReceiver(script);

    Reply.Unanswered reply = RIG.unanswered(url(), SHORT);

    assertThat(reply.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(reply.latencyMicros()).isBetween(SHORT * 1_000, 10_000_000L);
    assertThat(reply.address()).hasValue("127.0.0.1:" + receiver.port());
  }

  private void isInvalid(RawReceiver.Script script) throws IOException {
    receiver = new RawReceiver(script);

    assertThat(RIG.unanswered(url(), SendRig.LONG).reason()).isEqualTo(Reason.INVALID_RESPONSE);
  }

  private Reply.Answered answerTo(RawReceiver.Script script) throws IOException {
    receiver = new RawReceiver(script);
    return RIG.answered(url());
  }

  private void post() {
    assertThat(RIG.answered(url()).status()).isEqualTo(200);
  }

  private String url() {
    return "http://127.0.0.1:" + receiver.port() + "/hook";
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
