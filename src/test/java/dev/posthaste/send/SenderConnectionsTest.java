package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import dev.posthaste.support.HeldPort;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections: kept, lost, refused, limited, closed. */
class SenderConnectionsTest {
  private SendRig rig = new SendRig(SendRig.LOOPBACK);

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void postsInSequenceShareOneConnection() throws IOException {
    try (RawReceiver receiver = new RawReceiver(RawReceiver.always(RawReceiver.OK))) {
      for (int i = 0; i < 20; i++) {
        Reply.Answered reply = rig.answered(url(receiver) + "?n=" + i);
        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.excerpt()).isEqualTo("ok");
        assertThat(reply.address()).hasValue("127.0.0.1:" + receiver.port());
      }

      assertThat(receiver.connections()).isOne();
      assertThat(receiver.requests()).hasSize(20);
      assertThat(receiver.requests().element())
          .startsWith("POST /hook?n=0 HTTP/1.1\r\n")
          .contains("host: 127.0.0.1:" + receiver.port() + "\r\n")
          .contains("content-type: application/json\r\n")
          .endsWith("\r\n\r\n{\"n\":1}");
    }
  }

  @Test
  void aTimedOutConnectionIsNotUsedAgain() throws IOException {
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              if (number == 1) {
                talk.hang();
              }
              talk.write(RawReceiver.OK);
            })) {
      assertThat(rig.unanswered(url(receiver), 100).reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
      assertThat(receiver.connections()).isEqualTo(2);
    }
  }

  @Test
  void aKeptConnectionThatClosesUnderTheRequestIsReplacedOnce() throws IOException {
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              talk.write(RawReceiver.OK);
              talk.readRequest();
            })) {
      assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
      assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);

      assertThat(receiver.connections()).isEqualTo(2);
      assertThat(receiver.requests()).hasSize(3);
    }
  }

  @Test
  void aKeptConnectionThatIsResetUnderTheRequestIsReplacedOnce() throws IOException {
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              talk.write(RawReceiver.OK);
              talk.readRequest();
              talk.resetConnection();
            })) {
      assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
      assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
      assertThat(receiver.connections()).isEqualTo(2);
    }
  }

  @Test
  void aNewConnectionThatClosesBeforeTheAnswerIsAReset() throws IOException {
    try (RawReceiver receiver = new RawReceiver((talk, number) -> talk.readRequest())) {
      assertThat(rig.unanswered(url(receiver), SendRig.LONG).reason()).isEqualTo(Reason.RESET);
      assertThat(receiver.connections()).isOne();
    }
  }

  @Test
  void aKeptConnectionThatClosesWithinTheAnswerIsAReset() throws IOException {
    for (String part :
        List.of("HTTP/1.1 200 OK\r\nx: y", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nx")) {
      try (RawReceiver receiver =
          new RawReceiver(
              (talk, number) -> {
                talk.readRequest();
                talk.write(RawReceiver.OK);
                talk.readRequest();
                talk.write(part);
              })) {
        assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
        assertThat(rig.unanswered(url(receiver), SendRig.LONG).reason()).isEqualTo(Reason.RESET);
        assertThat(receiver.connections()).isOne();
      }
    }
  }

  @Test
  void aResetInTheMiddleOfTheBodyIsAReset() throws IOException {
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              talk.write("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf");
              talk.resetConnection();
            })) {
      assertThat(rig.unanswered(url(receiver), SendRig.LONG).reason()).isEqualTo(Reason.RESET);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "[::1]"})
  void aPortThatNobodyListensOnIsAConnectError(String address) {
    try (HeldPort port = new HeldPort()) {
      String host = address + ":" + port.number();

      Reply.Unanswered reply = rig.unanswered("http://" + host + "/", SendRig.LONG);

      assertThat(reply.reason()).isEqualTo(Reason.CONNECT);
      assertThat(reply.address()).hasValue(host);
    }
  }

  @Test
  void requestsBeyondThePoolAndItsQueueEndAtOnceAsOurOwnFault() throws IOException {
    rig.close();
    rig = new SendRig(small());
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              talk.hang();
            })) {
      List<Future<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        replies.add(rig.start(url(receiver), SendRig.LONG));
      }

      for (Future<Reply> beyond : replies.subList(5, 10)) {
        assertThat(reason(SendRig.await(beyond))).isEqualTo(Reason.INTERNAL);
      }
      assertThat(replies.stream().filter(reply -> !reply.isComplete())).hasSizeBetween(3, 5);
      assertThat(receiver.connections()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void aRequestThatTimedOutInTheQueueIsNeverSent() throws IOException {
    rig.close();
    rig = new SendRig(small());
    CountDownLatch gate = new CountDownLatch(1);
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              while (talk.readRequest()) {
                gate.await();
                talk.write(RawReceiver.OK);
              }
            })) {
      Future<Reply> first = rig.start(url(receiver), Map.of("x", "first"), SendRig.LONG);
      Future<Reply> second = rig.start(url(receiver), Map.of("x", "second"), SendRig.LONG);
      Future<Reply> queued = rig.start(url(receiver), Map.of("x", "queued"), 100);
      assertThat(reason(SendRig.await(queued))).isEqualTo(Reason.TIMEOUT);
      gate.countDown();
      SendRig.await(first);
      SendRig.await(second);

      assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
      assertThat(receiver.requests()).noneMatch(request -> request.contains("queued"));
      assertThat(receiver.connections()).isLessThanOrEqualTo(2);
    }
  }

  @Test
  void closingEndsWhatIsUnderWayWithAReply() throws IOException {
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              talk.hang();
            })) {
      Future<Reply> hanging = rig.start(url(receiver), SendRig.LONG);
      SendRig.await(rig.closeSender());

      assertThat(reason(SendRig.await(hanging))).isEqualTo(Reason.INTERNAL);
      assertThat(rig.unanswered(url(receiver), 100).reason()).isEqualTo(Reason.INTERNAL);
      SendRig.await(rig.closeSender());
    }
  }

  @Test
  void closingClosesTheConnectionsThatAreKept() throws IOException, InterruptedException {
    CountDownLatch ended = new CountDownLatch(1);
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              while (talk.readRequest()) {
                talk.write(RawReceiver.OK);
              }
              ended.countDown();
            })) {
      assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
      SendRig.await(rig.closeSender());

      assertThat(ended.await(10, TimeUnit.SECONDS)).isTrue();
    }
  }

  @Test
  void aHeaderThatWouldBreakTheRequestIsNotSent() throws IOException {
    try (RawReceiver receiver = new RawReceiver(RawReceiver.always(RawReceiver.OK))) {
      Reply broken =
          SendRig.await(rig.start(url(receiver), Map.of("x", "y\r\nhost: other"), SendRig.LONG));

      assertThat(reason(broken)).isEqualTo(Reason.INTERNAL);
      assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
      assertThat(receiver.requests()).hasSize(1);
    }
  }

  private static SendSettings small() {
    return new SendSettings(
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(10),
        2,
        1,
        1_000,
        1_000,
        SendRig.LOOPBACK.allowed(),
        List.of(),
        List.of());
  }

  private static Reason reason(Reply reply) {
    return switch (reply) {
      case Reply.Unanswered unanswered -> unanswered.reason();
      case Reply.Answered answered -> throw new AssertionError(answered.toString());
    };
  }

  private static String url(RawReceiver receiver) {
    return "http://127.0.0.1:" + receiver.port() + "/hook";
  }
}
