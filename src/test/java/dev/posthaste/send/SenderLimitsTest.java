package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What hostile receivers can do to us: nothing that outlasts the deadline, nothing that grows. */
class SenderLimitsTest {
  private static final SendRig RIG = new SendRig(SendRig.LOOPBACK);
  private static final long SHORT = 300;

  private RawReceiver receiver;

  @AfterAll
  static void closeRig() {
    RIG.close();
  }

  @AfterEach
  void nothingIsLeftInFlight() throws IOException {
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
  void anEndlessRowOfProvisionalAnswersIsCutOffAtTheDeadline() throws IOException {
    timesOut(
        (talk, number) -> {
          talk.readRequest();
          while (true) {
            talk.write("HTTP/1.1 100 Continue\r\n\r\n");
            Thread.sleep(5);
          }
        });
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
    byte[] body = ("\0" + "€".repeat(6_000)).getBytes(StandardCharsets.UTF_8);
    Reply.Answered reply =
        answerTo(
            (talk, number) -> {
              talk.readRequest();
              talk.write("HTTP/1.1 200 OK\r\ncontent-length: " + body.length + "\r\n\r\n");
              talk.write(body);
              talk.hang();
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
              talk.hang();
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
        "HTTP/1.1 102 Processing\r\n\r\n",
        "HTTP/2.0 200 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.9\r\nnot http at all\r\n\r\n",
      })
  void whatIsNoProperAnswerIsAnInvalidResponse(String answer) throws IOException {
    receiver = new RawReceiver(RawReceiver.always(answer.replace("OVERSIZED", "x".repeat(8_192))));

    assertThat(RIG.unanswered(url(), SendRig.LONG).reason()).isEqualTo(Reason.INVALID_RESPONSE);
  }

  @Test
  void aRedirectIsReportedAndNotFollowed() throws IOException {
    try (RawReceiver other = new RawReceiver(RawReceiver.always(RawReceiver.OK))) {
      Reply.Answered reply =
          answerTo(
              RawReceiver.always(
                  "HTTP/1.1 307 Go\r\nlocation: http://127.0.0.1:"
                      + other.port()
                      + "/\r\ncontent-length: 0\r\n\r\n"));

      assertThat(reply.status()).isEqualTo(307);
      assertThat(other.connections()).isZero();
    }
  }

  private void timesOut(RawReceiver.Script script) throws IOException {
    receiver = new RawReceiver(script);

    Reply.Unanswered reply = RIG.unanswered(url(), SHORT);

    assertThat(reply.reason()).isEqualTo(Reason.TIMEOUT);
    assertThat(reply.latencyMicros()).isBetween(SHORT * 1_000, 10_000_000L);
    assertThat(reply.address()).hasValue("127.0.0.1:" + receiver.port());
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
