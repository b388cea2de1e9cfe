package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Endpoint.RateLimit;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What an endpoint is now is what counts, also while nothing may go to what it was. */
@ExtendWith(PostgresExtension.class)
class ChangedEndpointTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void anEndpointThatHasMovedNeedNotWaitUntilItsOldReceiverMayBeProbed(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      rig.receiver.answer("/old", Answer.of(503).with("Retry-After", "3600"));
      long endpoint = rig.endpoint("/old", "standard");
      rig.send(40, endpoint);
      await().atMost(PATIENCE).until(() -> rig.count("deferred WHERE reason = 6") > 0);
      move(rig, endpoint);
      await().atMost(PATIENCE).until(() -> rig.receiver.received("/new").size() > 10);
    }
  }

  @Test
  void anEndpointThatMayBeSentToMoreOftenIsSentToMoreOftenAtOnce(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long endpoint = rig.endpoint("/paced", "standard");
      rig.change(endpoint, Optional.of(new RateLimit(1, 3_600)), Optional.empty());
      rig.send(3, endpoint);
      await().atMost(PATIENCE).until(() -> rig.receiver.received("/paced").size() == 1);
      rig.change(endpoint, Optional.of(new RateLimit(100, 1)), Optional.empty());
      await().atMost(PATIENCE).until(() -> rig.receiver.received("/paced").size() == 3);
    }
  }

  @Test
  void whatWaitsForAnEndpointThatIsDeletedEndsWhateverItsPaceWas(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long endpoint = rig.endpoint("/paced", "standard");
      rig.change(endpoint, Optional.of(new RateLimit(1, 3_600)), Optional.empty());
      rig.send(5, endpoint);
      await().atMost(PATIENCE).until(() -> rig.receiver.received("/paced").size() == 1);
      rig.registry.remove(List.of(rig.registry.endpoint(endpoint).orElseThrow()));
      await().atMost(PATIENCE).until(() -> rig.count("attempt WHERE outcome = 4") == 4);
      assertThat(rig.receiver.received("/paced")).hasSize(1);
    }
  }

  @Test
  void anEndpointThatHasMovedIsNotGoneBecauseItsOldPlaceIs(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long endpoint = rig.endpoint("/old", "standard");
      rig.receiver.answer(
          "/old",
          request -> {
            move(rig, endpoint);
            return Answer.of(410);
          });
      rig.send(1, endpoint);
      await().atMost(PATIENCE).until(() -> rig.count("attempt WHERE outcome = 3") == 1);
      assertThat(rig.gone).isEmpty();
    }
  }

  private static void move(DispatchRig rig, long endpoint) {
    rig.registry.put(
        List.of(
            Samples.endpoint(
                endpoint, 1, rig.receiver.url("/new"), Endpoint.Status.ACTIVE, "standard")));
  }
}
