package dev.posthaste.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Reply;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Several endpoints behind one host: each is a path of the receiver. What is posted to {@code
 * /hang} is never answered, what is posted to {@code /gated} when the gate is open, the rest at
 * once.
 */
class SenderSharedHostTest {
  private static final int LIMIT = 8;

  /** A deadline that no test sees. */
  private static final long ENDLESS = 600_000;

  private final SendRig rig = new SendRig(upTo(LIMIT));
  private final CountDownLatch gate = new CountDownLatch(1);
  private final AtomicInteger closed = new AtomicInteger();
  private RawReceiver receiver;

  @BeforeEach
  void open() throws IOException {
    receiver =
        new RawReceiver(
            (talk, number) -> {
              while (talk.readRequest()) {
                answer(talk);
              }
              closed.incrementAndGet();
            });
  }

  @AfterEach
  void close() throws IOException {
    rig.close();
    receiver.close();
  }

  @Test
  void anEndpointThatHangsOnAllConnectionsAndHasMoreWaitingDelaysNoOther() {
    List<Future<Reply>> hanging = start("/hang", 5 * LIMIT);
    await().until(() -> arrived("/hang") == LIMIT);

    for (int i = 0; i < 5; i++) {
      assertThat(rig.answered(url("/quick")).status()).isEqualTo(200);
    }

    assertThat(hanging).noneMatch(Future::isComplete);
    assertThat(arrived("/hang")).isEqualTo(LIMIT);
    assertThat(receiver.connections()).isEqualTo(LIMIT + 1);
  }

  @Test
  void theConnectionsOfItsOwnCarryAllThatAnEndpointHasWaiting() {
    start("/hang", 5 * LIMIT);
    await().until(() -> arrived("/hang") == LIMIT);
    List<Future<Reply>> gated = start("/gated", 5 * Turns.OWN);
    await().until(() -> arrived("/gated") == Turns.OWN);

    gate.countDown();

    assertThat(gated).extracting(SendRig::await).allMatch(Reply.Answered.class::isInstance);
    assertThat(receiver.connections()).isEqualTo(LIMIT + Turns.OWN);
  }

  @Test
  void oneEndpointAloneHasNoMoreConnectionsThanTheLimit() {
    List<Future<Reply>> gated = start("/gated", 5 * LIMIT);
    await().until(() -> arrived("/gated") == LIMIT);

    gate.countDown();

    assertThat(gated).extracting(SendRig::await).allMatch(Reply.Answered.class::isInstance);
    assertThat(receiver.connections()).isEqualTo(LIMIT);
  }

  @Test
  void anIdleConnectionServesAnyEndpointOfTheHost() {
    for (String path : List.of("/one", "/two", "/three", "/one")) {
      assertThat(rig.answered(url(path)).status()).isEqualTo(200);
    }

    assertThat(receiver.connections()).isOne();
  }

  @Test
  void whatAnEndpointHasBeyondItsOwnGoesToTheOthersThatWait() {
    List<Future<Reply>> gated = start("/gated", 2 * LIMIT);
    await().until(() -> arrived("/gated") == LIMIT);
    start("/hang", 3 * LIMIT);
    await().until(() -> arrived("/hang") == Turns.OWN);

    gate.countDown();

    assertThat(gated).extracting(SendRig::await).allMatch(Reply.Answered.class::isInstance);
    await().until(() -> arrived("/hang") == LIMIT);
    assertThat(rig.answered(url("/gated")).status()).isEqualTo(200);
  }

  @Test
  void noMoreThanTheLimitIsKeptIdleOfWhatEndpointsHadOfTheirOwn() {
    List<Future<Reply>> first = start("/gated", LIMIT);
    await().until(() -> arrived("/gated") == LIMIT);
    List<Future<Reply>> second = start("/gated?second", Turns.OWN);
    await().until(() -> receiver.connections() == LIMIT + Turns.OWN);

    gate.countDown();

    assertThat(first).extracting(SendRig::await).allMatch(Reply.Answered.class::isInstance);
    assertThat(second).extracting(SendRig::await).allMatch(Reply.Answered.class::isInstance);
    await().until(() -> closed.get() == Turns.OWN);
  }

  private static SendSettings upTo(int connections) {
    return new SendSettings(
        SendRig.LOOPBACK.connectTimeout(),
        SendRig.LOOPBACK.keepAlive(),
        SendRig.LOOPBACK.maxLifetime(),
        connections,
        SendRig.LOOPBACK.waitingPerOrigin(),
        SendRig.LOOPBACK.maxResponseBytes(),
        SendRig.LOOPBACK.keptResponseBytes(),
        SendRig.LOOPBACK.allowed(),
        List.of(),
        List.of());
  }

  private void answer(RawReceiver.Talk talk) throws IOException, InterruptedException {
    if (talk.request().startsWith("POST /hang ")) {
      talk.hang();
    } else if (talk.request().startsWith("POST /gated")) {
      gate.await();
    }
    talk.write(RawReceiver.OK);
  }

  private List<Future<Reply>> start(String path, int count) {
    return Stream.generate(() -> rig.start(url(path), ENDLESS)).limit(count).toList();
  }

  private long arrived(String path) {
    return receiver.requests().stream().filter(r -> r.startsWith("POST " + path + " ")).count();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + receiver.port() + path;
  }
}
