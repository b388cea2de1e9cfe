package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver.Answer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** PostgreSQL never takes the record of an attempt: the delivery goes its way without it. */
@ExtendWith(PostgresExtension.class)
class RefusedContentTest {
  private static final int EVENTS = 5;

  private DispatchRig rig;

  private void open(DatabaseUrl url, Tuning tuning) {
    rig = new DispatchRig(url, tuning);
    rig.db.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " RAISE EXCEPTION 'no' USING ERRCODE = '22023'; END $$",
        "CREATE TRIGGER refuse BEFORE INSERT ON attempt FOR EACH ROW EXECUTE FUNCTION refuse()");
  }

  @AfterEach
  void close() {
    rig.close();
  }

  @Test
  void whatHasFailedWaitsForItsRetryAllTheSame(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN.withoutClaims());
    rig.receiver.answer("/500", Answer.of(500));
    rig.send(EVENTS, rig.endpoint("/500", "standard"));
    await().until(() -> rig.count("deferred WHERE attempts = 1") == EVENTS);
    await().until(() -> rig.settled.get() == EVENTS);
  }

  @Test
  void whatWasTakenIsSettled(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN.withoutClaims());
    rig.send(EVENTS, rig.endpoint("/ok", "standard"));
    await().until(() -> rig.settled.get() == EVENTS);
    assertThat(rig.receiver.received("/ok")).hasSize(EVENTS);
  }

  @Test
  void whatWasTakenAtARetryDoesNotComeAgain(@PerTest DatabaseUrl url) {
    open(url, Tuning.PLAIN);
    rig.deferRetries(EVENTS, rig.endpoint("/ok", "standard"));
    await().until(() -> rig.count("deferred") == 0);
    assertThat(rig.receiver.received("/ok")).hasSize(EVENTS);
  }
}
