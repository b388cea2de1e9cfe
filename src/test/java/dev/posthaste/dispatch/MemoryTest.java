package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.settings.FairnessSettings;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.RecordingReceiver.Answer;
import dev.posthaste.support.Samples;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What payloads in memory are counted for, and that all of it is given back. */
@ExtendWith(PostgresExtension.class)
class MemoryTest {
  private static final int OF_NODE = 1_000_000;
  private static final int OF_TENANT = 20_000;
  private static final FairnessSettings TIGHT =
      new FairnessSettings(1_000, Duration.ofSeconds(1), 50, 50, 25, 20, OF_NODE, OF_TENANT);

  @Test
  void aTenantThatHasFilledItsPartSpillsWhileAnotherIsStillTakenIn(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN.withoutClaims().fair(TIGHT))) {
      rig.receiver.answer("/hang", Answer.never());
      // As many as it takes to have some on either loop.
      Long[] hanging =
          Stream.generate(() -> rig.endpoint("/hang", "standard")).limit(4).toArray(Long[]::new);
      rig.send(40, hanging);
      // All but the last share, of which none gets more who has some already.
      await().until(() -> rig.heldBytes() > OF_TENANT * 3 / 4);
      await().until(() -> rig.count("deferred WHERE reason = 5") > 0);
      assertThat(rig.heldBytes()).isLessThanOrEqualTo(OF_TENANT);
      rig.registry.put(Samples.tenant(2, "other"));
      long other = 500L << 22;
      rig.registry.put(List.of(Samples.endpoint(other, 2, rig.receiver.url("/other"))));
      rig.send(Stream.generate(() -> Samples.ofTenant(2, rig.newEvent(other))).limit(10).toList());
      await().until(() -> rig.attempts(other).size() == 10);
      assertThat(rig.count("deferred WHERE endpoint_id = " + other)).isZero();
    }
  }

  @Test
  void aRetryThatWaitsInMemoryCountsAndIsGivenBack(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      rig.receiver.answer("/flaky", request -> Answer.of(request.number() <= 5 ? 500 : 200));
      long endpoint = rig.endpoint("/flaky", "memory");
      rig.send(10, endpoint);
      await().until(() -> rig.count("attempt WHERE outcome = 1") == 10);
      await().until(() -> rig.count("deferred") == 0);
      assertThat(rig.heldBytes()).isZero();
    }
  }

  @Test
  void nothingIsKeptOfEndpointsThatHaveBeenIdleForLong(@PerTest DatabaseUrl url) {
    Tuning tuning = Tuning.PLAIN.withoutClaims().laneIdle(Duration.ofMillis(1));
    try (DispatchRig rig = new DispatchRig(url, tuning)) {
      Long[] endpoints =
          Stream.generate(() -> rig.endpoint("/ok", "standard")).limit(100).toArray(Long[]::new);
      rig.send(2, endpoints);
      rig.registry.putDirectSecrets(
          1, List.of(new SigningSecret(Samples.SECRET, Optional.empty())));
      Event direct = Samples.direct(rig.newEvent(), rig.receiver.url("/direct"));
      rig.send(List.of(direct));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> rig.count("attempt WHERE outcome = 1") == 201);
      await().until(rig::isEmpty);
    }
  }

  @Test
  void whatIsGivenUpIsGivenBack(@PerTest DatabaseUrl url) {
    try (DispatchRig rig = new DispatchRig(url, Tuning.PLAIN)) {
      long deleted = 77L << 22;
      long disabled =
          rig.endpoint(rig.receiver.url("/drop"), "agentpost", Endpoint.Status.DISABLED);
      long misnamed = rig.endpoint("/x", "no-such-contract");
      rig.send(10, deleted, disabled, misnamed);
      await().until(() -> rig.count("attempt WHERE outcome = 4") == 20);
      await().until(() -> rig.count("deferred WHERE endpoint_id = " + misnamed) == 10);
      assertThat(rig.heldBytes()).isZero();
    }
  }
}
