package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.Reply;
import dev.posthaste.event.Settlement;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.OutcomeLog;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestDatabase;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class OutcomeRecorderTest {
  private static final long LONG_WAIT = 600_000;
  private static final IdGenerator IDS = Samples.ids();
  private static final String PAGE = "x".repeat(16 * 1_024);

  @Test
  void longAnswersFillTheBufferSoonerThanShortOnes(@PerTest DatabaseUrl url) {
    try (TestDatabase db = new TestDatabase(url)) {
      OutcomeRecorder recorder = recorder(db, 100);
      db.loop().get(() -> record(recorder, 5, PAGE));
      assertThat(recorder.isFull()).as("five of 17").isFalse();
      db.loop().get(() -> record(recorder, 14, ""));
      assertThat(recorder.isFull()).isFalse();
      db.loop().get(() -> record(recorder, 1, ""));
      assertThat(recorder.isFull()).isTrue();
      db.loop().run(recorder::flush);
      assertThat(recorder.isFull()).isFalse();
      assertThat(recorder.hasRoom()).isTrue();
      assertThat(db.column("SELECT count(*) FROM attempt")).containsExactly("20");
      db.loop().run(recorder::close);
    }
  }

  @Test
  void theSmallestBufferHasRoomWhileItIsEmpty(@PerTest DatabaseUrl url) {
    try (TestDatabase db = new TestDatabase(url)) {
      OutcomeRecorder recorder = recorder(db, 1);
      assertThat(recorder.hasRoom()).isTrue();
      db.loop().get(() -> record(recorder, 1, ""));
      assertThat(recorder.hasRoom()).isFalse();
      db.loop().run(recorder::flush);
      assertThat(recorder.hasRoom()).isTrue();
      db.loop().run(recorder::close);
    }
  }

  private static OutcomeRecorder recorder(TestDatabase db, int limit) {
    return db.loop()
        .get(
            () ->
                new OutcomeRecorder(
                    db.vertx(), new OutcomeLog(db.database()), LONG_WAIT, limit, ids -> {}));
  }

  private static int record(OutcomeRecorder recorder, int outcomes, String body) {
    for (int i = 0; i < outcomes; i++) {
      Delivery delivery =
          new Delivery(
              Samples.event(IDS.next()),
              7,
              0,
              Trigger.LIVE,
              false,
              Optional.empty(),
              Settlement.NONE);
      Reply reply = new Reply.Answered(404, body, Optional.empty(), 1, Optional.empty());
      recorder.records(
          delivery,
          new Attempt(
              delivery.id(),
              1,
              Attempt.Outcome.FAILED,
              Trigger.LIVE,
              Optional.of(reply),
              System.currentTimeMillis()));
    }
    return outcomes;
  }
}
