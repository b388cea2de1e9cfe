package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.RecordingReceiver.Received;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** How many requests an endpoint gets at once, counted where they arrive. */
@ExtendWith(PostgresExtension.class)
class ConcurrencyTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void anEndpointThatIsBackGetsOneMoreAtOnceForEachItHasTaken(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      AtomicBoolean down = new AtomicBoolean(true);
      List<Received> back = new CopyOnWriteArrayList<>();
      rig.receiver.answer(
          "/back",
          request -> {
            if (down.get()) {
              return Answer.of(500);
            }
            back.add(request);
            return new Answer(200, 100);
          });
      long endpoint = rig.endpoint("/back", "standard");
      rig.change(
          endpoint, Optional.empty(), Optional.of(Collections.nCopies(50, Duration.ofMillis(300))));
      rig.send(150, endpoint);
      await().until(() -> rig.count("deferred WHERE reason = 6 AND attempts = 0") > 100);
      down.set(false);
      await().atMost(PATIENCE).until(() -> rig.count("attempt WHERE outcome = 1") == 150);
      for (int i = 0; i < back.size(); i++) {
        int atOnce = back.get(i).unanswered();
        int taken = i + 1 - atOnce;
        assertThat(atOnce).as("after %d taken", taken).isLessThanOrEqualTo(Math.max(1, taken));
      }
      assertThat(back).as("it does grow").anyMatch(request -> request.unanswered() > 1);
    }
  }

  @Test
  void anEndpointThatWantsTwoAtOnceNeverGetsThree(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      rig.receiver.answer("/two", new Answer(200, 50));
      long endpoint = rig.endpoint("/two", "standard");
      rig.limit(endpoint, 2);
      rig.send(50, endpoint);
      await().atMost(PATIENCE).until(() -> rig.count("attempt WHERE outcome = 1") == 50);
      assertThat(rig.receiver.received("/two"))
          .extracting(Received::unanswered)
          .contains(2)
          .allMatch(atOnce -> atOnce <= 2);
    }
  }
}
