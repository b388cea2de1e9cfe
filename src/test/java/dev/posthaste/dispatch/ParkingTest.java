package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.PublicId;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.FairnessSettings;
import dev.posthaste.support.CutableProxy;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Nothing is kept only in memory: full lanes, long waits, stops, a database that is away. */
@ExtendWith(PostgresExtension.class)
class ParkingTest {
  private static final int LARGE = 64 * 1_024;

  @Test
  void whatFindsItsLaneFullWaitsInTheTable(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.withoutClaims().lane(2, 1))) {
      rig.receiver.answer("/slow", Answer.never());
      long endpoint = rig.endpoint("/slow", "standard");
      rig.send(endpoint);
      await().until(() -> rig.receiver.received("/slow").size() == 1);
      rig.send(10, endpoint);
      await().until(() -> rig.count("deferred WHERE trigger = 1 AND attempts = 0") == 8);
      await().until(() -> rig.settled.get() == 8);
      assertThat(rig.count("attempt")).isZero();
    }
  }

  @Test
  void parkedDeliveriesComeBackWhenThereIsRoom(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.lane(5, 2))) {
      rig.receiver.answer("/slow", new Answer(200, 20));
      long endpoint = rig.endpoint("/slow", "standard");
      rig.send(60, endpoint);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> rig.count("attempt WHERE outcome = 1") == 60);
      await().until(() -> rig.count("deferred") == 0);
    }
  }

  @Test
  void parkedDeliveriesComeBackInTheOrderInWhichTheirEventsWereAccepted(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.lane(5, 1))) {
      rig.receiver.answer("/slow", new Answer(200, 20));
      long endpoint = rig.endpoint("/slow", "standard");
      List<String> sent =
          rig.send(60, endpoint).stream().map(event -> PublicId.EVENT.format(event.id())).toList();
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> rig.receiver.received("/slow").size() == 60);
      assertThat(rig.parked.get()).isGreaterThanOrEqualTo(54);
      assertThat(rig.receiver.received("/slow"))
          .extracting(request -> request.headers().get("webhook-id"))
          .isEqualTo(sent);
    }
  }

  @Test
  void largeEventsComeBackInPartsThatFitIntoMemory(@PerTest DatabaseUrl url) {
    // A look brings a quarter of half of it: four events.
    FairnessSettings tight =
        new FairnessSettings(1_000, Duration.ofSeconds(1), 50, 50, 25, 20, 32 * LARGE, 32 * LARGE);
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.fair(tight))) {
      rig.receiver.answer("/large", new Answer(200, 20));
      long endpoint = rig.endpoint("/large", "standard");
      rig.store(endpoint, Endpoint.Status.DISABLED);
      rig.deferRetries(100, endpoint);
      rig.db.execute(
          "UPDATE event SET data = decode(repeat('31', %d), 'hex')".formatted(LARGE),
          "UPDATE endpoint SET status = 1");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> rig.count("attempt WHERE outcome = 1") == 100);
      await().until(() -> rig.count("deferred") == 0);
      assertThat(rig.looks).allSatisfy(rows -> assertThat(rows).isLessThanOrEqualTo(4));
    }
  }

  @Test
  void whatWaitsTooLongInMemoryMovesToTheTable(@PerTest DatabaseUrl url) {
    Tuning tuning = Tuning.PLAIN.withoutClaims().lane(100, 1).hold(Duration.ofSeconds(1));
    try (DispatchRig rig = new DispatchRig(url, tuning)) {
      rig.receiver.answer("/hang", Answer.never());
      long endpoint = rig.endpoint("/hang", "standard");
      rig.send(5, endpoint);
      await().until(() -> rig.count("deferred WHERE attempts = 0") == 4);
      assertThat(rig.settled.get()).isEqualTo(4);
    }
  }

  @Test
  void aStopLetsWhatIsInFlightEndAndWritesTheRestDown(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.withoutClaims().lane(100, 2))) {
      rig.receiver.answer("/slow", new Answer(200, 700));
      long endpoint = rig.endpoint("/slow", "standard");
      rig.send(10, endpoint);
      await().until(() -> rig.receiver.received("/slow").size() == 2);
      rig.stop();
      assertThat(rig.count("attempt WHERE outcome = 1")).isEqualTo(2);
      assertThat(rig.count("deferred WHERE due_at <= now() AND leased_by IS NULL")).isEqualTo(8);
      assertThat(rig.settled.get()).isEqualTo(10);
    }
  }

  @Test
  void aStopLeavesARetryThatWaitsInMemoryItsTime(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.withoutClaims())) {
      rig.receiver.answer("/soon", Answer.of(503));
      long endpoint = rig.endpoint("/soon", "patient");
      rig.send(1, endpoint);
      await().until(() -> rig.count("attempt") == 1);
      assertThat(rig.count("deferred")).isZero();
      rig.stop();
      // Less the parts of a millisecond that either time lacks.
      assertThat(
              rig.count(
                  "deferred d JOIN attempt a USING (event_id, endpoint_id) WHERE d.attempts = 1"
                      + " AND d.trigger = 2 AND d.due_at >= to_timestamp(a.at_ms / 1000.0)"
                      + " + interval '4998 ms'"))
          .isEqualTo(1);
    }
  }

  @Test
  void aStopWritesDownWhatHangsBeyondTheGrace(@PerTest DatabaseUrl url) {
    Tuning tuning = Tuning.PLAIN.withoutClaims().lane(100, 4).grace(Duration.ofMillis(200));
    try (DispatchRig rig = new DispatchRig(url, tuning)) {
      rig.receiver.answer("/hang", Answer.never());
      long one = rig.endpoint("/hang", "standard");
      long strict = rig.endpoint("/hang", "strict");
      rig.send(10, one, strict);
      await().until(() -> rig.receiver.received("/hang").size() == 8);
      rig.stop();
      assertThat(rig.lost()).isZero();
      // Our own stop is no failure of the endpoint, not even where no answer is one.
      assertThat(rig.count("deferred WHERE attempts = 0")).isEqualTo(20);
      assertThat(rig.settled.get()).isEqualTo(20);
    }
  }

  @Test
  void aStopWithoutGraceLosesNothing(@PerTest DatabaseUrl url) {
    Tuning tuning = Tuning.PLAIN.withoutClaims().grace(Duration.ZERO);
    try (DispatchRig rig = new DispatchRig(url, tuning)) {
      rig.receiver.answer("/hang", Answer.never());
      rig.send(50, rig.endpoint("/hang", "standard"), rig.endpoint("/hang", "memory"));
      rig.stop();
      assertThat(rig.lost()).isZero();
    }
  }

  @Test
  void outcomesAreKeptWhileTheDatabaseIsAway(@PerTest DatabaseUrl url) throws IOException {
    try (CutableProxy proxy = new CutableProxy(url.port())) {
      DatabaseUrl way = DatabaseUrl.local(proxy.port(), url.user(), url.password(), url.database());
      try (DispatchRig rig = new DispatchRig(url, way, Tuning.PLAIN)) {
        rig.receiver.answer("/ok", new Answer(200, 500));
        rig.receiver.answer("/bad", request -> new Answer(request.number() <= 20 ? 500 : 200, 500));
        long ok = rig.endpoint("/ok", "quick");
        long bad = rig.endpoint("/bad", "quick");
        rig.send(20, ok, bad);
        proxy.cut();
        await().until(() -> rig.receiver.received("/ok").size() == 20);
        assertThat(rig.count("attempt")).isZero();
        proxy.restore();
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> rig.count("attempt WHERE outcome = 1") == 40);
        await().until(() -> rig.count("deferred") == 0);
        assertThat(rig.settled.get()).isEqualTo(40);
        assertThat(rig.receiver.received("/ok")).hasSize(20);
      }
    }
  }
}
