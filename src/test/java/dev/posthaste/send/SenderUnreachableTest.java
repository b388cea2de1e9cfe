package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Reply;
import dev.posthaste.event.Reply.Reason;
import io.vertx.core.Future;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Receivers that never accept a connection: the queue of their system is full. */
class SenderUnreachableTest {
  private static final long CONNECT_MILLIS = 400;

  @Test
  void aReceiverThatNeverAcceptsIsAConnectErrorWhenTheConnectTimeoutIsOver() throws IOException {
    try (SendRig rig = new SendRig(SendRig.single(Duration.ofMillis(CONNECT_MILLIS)));
        FullBacklog receiver = new FullBacklog()) {
      Reply.Unanswered reply = rig.unanswered(url(receiver), SendRig.LONG);

      assertThat(reply.reason()).isEqualTo(Reason.CONNECT);
      assertThat(reply.latencyMicros()).isBetween(CONNECT_MILLIS * 1_000, 10_000_000L);
      assertThat(rig.inFlight()).isZero();
      isDeliveredOnceThereIsRoom(rig, receiver);
    }
  }

  @Test
  void aReceiverThatNeverAcceptsIsCutOffAtTheDeadlineIfThatComesFirst() throws IOException {
    try (SendRig rig = new SendRig(SendRig.single(Duration.ofSeconds(2)));
        FullBacklog receiver = new FullBacklog()) {
      Reply.Unanswered reply = rig.unanswered(url(receiver), 200);

      assertThat(reply.reason()).isEqualTo(Reason.TIMEOUT);
      assertThat(reply.detail()).contains("connect");
      assertThat(reply.latencyMicros()).isLessThan(10_000_000);
      isDeliveredOnceThereIsRoom(rig, receiver);
    }
  }

  @Test
  void aReceiverThatNeverAcceptsHoldsUpNoOther() throws IOException {
    try (SendRig rig = new SendRig(SendRig.single(Duration.ofSeconds(5)));
        FullBacklog blocked = new FullBacklog();
        RawReceiver good = new RawReceiver(RawReceiver.always(RawReceiver.OK))) {
      Future<Reply> hanging = rig.start(url(blocked), 5_000);

      for (int i = 0; i < 50; i++) {
        assertThat(rig.answered("http://127.0.0.1:" + good.port() + "/").status()).isEqualTo(200);
      }
      assertThat(hanging.isComplete()).isFalse();
    }
  }

  private static void isDeliveredOnceThereIsRoom(SendRig rig, FullBacklog receiver)
      throws IOException {
    try (RawReceiver good = receiver.makeRoom()) {
      // A connection that is being opened cannot be taken back: it holds its place until the
      // connect timeout.
      await().until(() -> rig.post(url(receiver), SendRig.LONG) instanceof Reply.Answered);
      assertThat(good.requests()).isNotEmpty();
    }
  }

  private static String url(FullBacklog receiver) {
    return "http://127.0.0.1:" + receiver.port() + "/hook";
  }
}
