package dev.posthaste.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.dispatch.DispatchObserver.Load;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a node holds: its lease, its lanes. */
class NodeMetersTest {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Meters meters = new Meters(registry);

  @Test
  void aLeaseIsHeldFromItsFirstHeartbeatUntilItIsLost() {
    LeaseMeters lease = new LeaseMeters(meters, Duration.ofMinutes(1));
    assertThat(value("posthaste.lease.held")).isZero();
    lease.held();
    assertThat(value("posthaste.lease.held")).isEqualTo(1);
    lease.lost();
    assertThat(value("posthaste.lease.held")).isZero();
  }

  @Test
  void aLeaseWithoutAHeartbeatRunsOut() {
    new LeaseMeters(meters, Duration.ZERO).held();
    assertThat(value("posthaste.lease.held")).isZero();
    assertThat(value("posthaste.lease.heartbeat.age")).isNotNegative();
  }

  @Test
  void theLoadsOfAllLoopsAreAddedUpAndThoseOfAnEarlierEpochForgotten() {
    LoadMeters loads = new LoadMeters(meters);
    add(loads).loaded(new Load(1, 2, 3, 4, 5, 6_000));
    add(loads).loaded(new Load(10, 20, 30, 40, 50, 1_000));
    assertThat(value("posthaste.lanes")).isEqualTo(11);
    assertThat(value("posthaste.lanes.waiting")).isEqualTo(22);
    assertThat(value("posthaste.lanes.waiting.payload")).isEqualTo(33);
    assertThat(value("posthaste.attempts.in.flight")).isEqualTo(44);
    assertThat(value("posthaste.breakers.open")).isEqualTo(55);
    assertThat(value("posthaste.lanes.oldest.wait")).isEqualTo(6);
    add(loads).buffered(7);
    add(loads).buffered(8);
    assertThat(value("posthaste.lanes")).isZero();
    assertThat(value("posthaste.outcomes.waiting")).isEqualTo(15);
  }

  private DispatchMeters add(LoadMeters loads) {
    AttemptMeters attempts = new AttemptMeters(meters, Optional.empty());
    return loads.add(new DispatchMeters(attempts, new OutcomeMeters(meters)), 2);
  }

  private double value(String name) {
    return registry.get(name).gauge().value();
  }
}
