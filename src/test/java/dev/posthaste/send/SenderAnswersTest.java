package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Reply;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers that want to lead us somewhere: what is taken from them, and what is not followed. */
class SenderAnswersTest {
  private static final SendRig RIG = new SendRig(SendRig.LOOPBACK);

  private RawReceiver receiver;

  @AfterAll
  static void closeRig() {
    RIG.close();
  }

  @AfterEach
  void theNextDeliveryIsMadeAndNothingIsLeftInFlight() throws IOException {
    receiver.turn(RawReceiver.always(RawReceiver.OK));
    assertThat(RIG.answered(url()).status()).isEqualTo(200);
    receiver.close();
    assertThat(RIG.inFlight()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "301, http://169.254.169.254/latest/meta-data/",
    "302, http://127.0.0.1:OTHER/",
    "303, //127.0.0.1:OTHER/",
    "307, http://[::ffff:127.0.0.1]:OTHER/",
    "308, http://localhost:OTHER/",
  })
  void aRedirectIsReportedAndNotFollowed(int status, String location) throws IOException {
    try (RawReceiver other = new RawReceiver(RawReceiver.always(RawReceiver.OK))) {
      String answer =
          "HTTP/1.1 %d Go\r\nlocation: %s\r\ncontent-length: 0\r\n\r\n"
              .formatted(status, location.replace("OTHER", String.valueOf(other.port())));
      Reply.Answered reply =
          answerTo(
              (talk, number) -> {
                talk.readRequest();
                talk.write(answer);
              });

      assertThat(reply.status()).isEqualTo(status);
      assertThat(reply.address()).hasValue("127.0.0.1:" + receiver.port());
      assertThat(other.connections()).isZero();
    }
  }

  @Test
  void ofSeveralRetryAfterHeadersTheFirstCounts() throws IOException {
    assertThat(retryAfter("retry-after: 7\r\nretry-after: 9\r\n")).hasValue("7");
  }

  @Test
  void anOverlongRetryAfterIsNotKept() throws IOException {
    assertThat(retryAfter("retry-after: " + "1".repeat(4_000) + "\r\n")).isEmpty();
  }

  @Test
  void anAnswerThatComesBeforeTheRequestIsReadCounts() throws IOException {
    receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.write(
                  "HTTP/1.1 413 Too large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
              talk.hang();
            });

    assertThat(RIG.postLarge(url(), 1 << 20, SendRig.LONG))
        .isInstanceOfSatisfying(
            Reply.Answered.class, reply -> assertThat(reply.status()).isEqualTo(413));
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 102, 103, 199})
  void provisionalAnswersAreLeftOut(int status) throws IOException {
    String provisional = "HTTP/1.1 " + status + " Wait\r\nlink: </a>\r\n\r\n";

    Reply.Answered reply =
        answerTo(
            (talk, number) -> {
              talk.readRequest();
              talk.write(provisional.repeat(3) + RawReceiver.OK);
            });

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.excerpt()).isEqualTo("ok");
  }

  private Optional<String> retryAfter(String headers) throws IOException {
    Reply.Answered reply =
        answerTo(
            (talk, number) -> {
              talk.readRequest();
              talk.write("HTTP/1.1 429 No\r\n" + headers + "content-length: 0\r\n\r\n");
            });

    assertThat(reply.status()).isEqualTo(429);
    return reply.retryAfter();
  }

  private Reply.Answered answerTo(RawReceiver.Script script) throws IOException {
    receiver = new RawReceiver(script);
    return RIG.answered(url());
  }

  private String url() {
    return "http://127.0.0.1:" + receiver.port() + "/hook";
  }
}
