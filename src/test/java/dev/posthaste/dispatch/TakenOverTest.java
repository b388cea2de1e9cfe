package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver.Answer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What another node has adopted is none of the business of the one that had it. */
@ExtendWith(PostgresExtension.class)
class TakenOverTest {
  @Test
  void aNodeThatWasTakenOverCutsOffWhatIsInFlightAndWritesAndTellsNothing(
      @PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.withoutClaims().lane(1_000, 2))) {
      rig.receiver.answer("/hang", Answer.never());
      long endpoint = rig.endpoint("/hang", "standard");
      rig.send(500, endpoint);
      await().until(() -> rig.receiver.received("/hang").size() == 2);
      rig.takenOver = true;
      rig.stop();
      assertThat(rig.attempted).as("what cut off says nothing of the endpoint").hasValue(0);
      assertThat(rig.count("attempt")).isZero();
      assertThat(rig.count("deferred")).isZero();
      assertThat(rig.receiver.received("/hang")).hasSize(2);
    }
  }
}
