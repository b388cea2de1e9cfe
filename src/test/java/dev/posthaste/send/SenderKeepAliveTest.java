package dev.posthaste.send;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Kept connections that their receiver closes at the moment of the next request. */
class SenderKeepAliveTest {
  private static final int MANY = 300;

  private final SendRig rig = new SendRig(SendRig.LOOPBACK);

  @AfterEach
  void close() {
    assertThat(rig.inFlight()).isZero();
    rig.close();
  }

  @Test
  void aReceiverThatClosesEachConnectionRightAfterItsAnswerGetsEveryDelivery() throws IOException {
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              talk.write(RawReceiver.OK);
            })) {
      isAlwaysDelivered(receiver);
    }
  }

  @Test
  void aReceiverThatResetsEachConnectionRightAfterItsAnswerGetsEveryDelivery() throws IOException {
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              talk.write(RawReceiver.OK);
              talk.readRequest();
              talk.resetConnection();
            })) {
      isAlwaysDelivered(receiver);
    }
  }

  @Test
  void aConnectionThatIsAnnouncedAsClosingIsNotUsedAgain() throws IOException {
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              talk.write("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
              // A second request here would get no answer.
              talk.hang();
            })) {
      for (int i = 0; i < 10; i++) {
        assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
      }

      assertThat(receiver.connections()).isEqualTo(10);
      assertThat(receiver.requests()).hasSize(10);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"timeout=0", "timeout=1, max=9", "max=9, Timeout = \"1\""})
  void aConnectionThatTheReceiverKeepsTooShortlyIsNotUsedAgain(String hint) throws IOException {
    assertThat(connectionsOfThree(hint)).isEqualTo(3);
  }

  @ParameterizedTest
  @ValueSource(strings = {"timeout=60", "max=9", "notimeout=0", "timeout=never", ""})
  void aConnectionThatTheReceiverKeepsLongEnoughIsUsedAgain(String hint) throws IOException {
    assertThat(connectionsOfThree(hint)).isOne();
  }

  @Test
  void anIdleConnectionIsClosedWhenItsTimeIsOver() throws Exception {
    CompletableFuture<Boolean> another = new CompletableFuture<>();
    try (SendRig hasty = new SendRig(SendRig.keeping(Duration.ofMillis(200)));
        RawReceiver receiver =
            new RawReceiver(
                (talk, number) -> {
                  talk.readRequest();
                  talk.write(RawReceiver.OK);
                  another.complete(talk.readRequest());
                })) {
      assertThat(hasty.answered(url(receiver)).status()).isEqualTo(200);

      assertThat(another.get(20, SECONDS)).isFalse();
    }
  }

  @Test
  void aConnectionIsReplacedWhenItsLifeIsOverHoweverManyWaitForIt() throws IOException {
    try (SendRig mortal = new SendRig(SendRig.living(Duration.ZERO));
        RawReceiver receiver = new RawReceiver(RawReceiver.always(RawReceiver.OK))) {
      List<Future<Reply>> replies =
          Stream.generate(() -> mortal.start(url(receiver), SendRig.LONG)).limit(5).toList();

      assertThat(replies).extracting(SendRig::await).allMatch(Reply.Answered.class::isInstance);
      assertThat(receiver.connections()).isEqualTo(5);
    }
  }

  private int connectionsOfThree(String hint) throws IOException {
    try (RawReceiver receiver =
        new RawReceiver(
            RawReceiver.always(
                "HTTP/1.1 200 OK\r\nkeep-alive: " + hint + "\r\ncontent-length: 0\r\n\r\n"))) {
      for (int i = 0; i < 3; i++) {
        assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
      }
      return receiver.connections();
    }
  }

  @Test
  void aReceiverThatRestartsWithManyKeptConnectionsGetsEveryDelivery() throws IOException {
    int kept = 20;
    CyclicBarrier all = new CyclicBarrier(kept);
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              if (number <= kept) {
                all.await(10, SECONDS);
                talk.write(RawReceiver.OK);
                return;
              }
              // A connection may serve several of them.
              for (int i = 0; i < kept; i++) {
                talk.write(RawReceiver.OK);
                talk.readRequest();
              }
            })) {
      assertThat(SendRig.await(Future.all(start(receiver, kept))).size()).isEqualTo(kept);
      List<Future<Reply>> afterwards = start(receiver, kept);

      assertThat(afterwards.stream().map(SendRig::await))
          .allSatisfy(reply -> assertThat(reply).isInstanceOf(Reply.Answered.class));
    }
  }

  @Test
  void whatComesUnaskedOnAKeptConnectionIsNotTakenForTheNextAnswer() throws IOException {
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              talk.write(RawReceiver.OK + "HTTP/1.1 410 Gone\r\ncontent-length: 0\r\n\r\n");
              talk.hang();
            })) {
      for (int i = 0; i < 10; i++) {
        assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
      }
    }
  }

  @Test
  void aReceiverThatAlwaysClosesUnderTheRequestIsRepeatedToOnceAndThenAReset() throws IOException {
    try (RawReceiver receiver =
        new RawReceiver(
            (talk, number) -> {
              talk.readRequest();
              if (number == 1) {
                talk.write(RawReceiver.OK);
                talk.readRequest();
              }
            })) {
      assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);

      assertThat(rig.unanswered(url(receiver), SendRig.LONG).reason()).isEqualTo(Reason.RESET);
      assertThat(receiver.requests()).hasSize(3);
      receiver.turn(RawReceiver.always(RawReceiver.OK));
      assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
    }
  }

  private void isAlwaysDelivered(RawReceiver receiver) {
    for (int i = 0; i < MANY; i++) {
      assertThat(rig.answered(url(receiver)).status()).isEqualTo(200);
    }
  }

  private List<Future<Reply>> start(RawReceiver receiver, int posts) {
    List<Future<Reply>> replies = new ArrayList<>();
    for (int i = 0; i < posts; i++) {
      replies.add(rig.start(url(receiver), SendRig.LONG));
    }
    return replies;
  }

  private static String url(RawReceiver receiver) {
    return "http://127.0.0.1:" + receiver.port() + "/hook";
  }
}
