package dev.posthaste.loadtest.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.loadtest.plan.Kind;
import dev.posthaste.loadtest.plan.Leg;
import dev.posthaste.loadtest.plan.Plan;
import dev.posthaste.loadtest.plan.RunLedger;
import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LegCountTest {
  private static final long BEGAN = 1_000_000_000L;
  private static final String ID = "evt_01M7Y9QRFP00002RJAN4PVABBP";
  private static final Bounds BOUNDS = new Bounds(200, 100);

  private final RunLedger ledger = new RunLedger();
  private final Timeline arrived = new Timeline();

  @Test
  void countsTimesFromWhenAnEventWasDueAndNotFromWhenItWasSent() {
    for (int i = 0; i < 10; i++) {
      long due = BEGAN + i * 100_000L;
      event(due, due + 50_000, due + 60_000);
    }
    LegResult leg = leg(10);

    assertThat(leg.requested()).isEqualTo(10);
    assertThat(leg.sent()).isEqualTo(10);
    assertThat(leg.achieved()).isEqualTo(10);
    assertThat(leg.complete()).isTrue();
    assertThat(leg.times().late().p99()).isBetween(49.0, 51.0);
    assertThat(leg.times().answered().p99()).isBetween(59.0, 61.0);
    assertThat(leg.times().answer().p99()).isBetween(9.0, 11.0);
  }

  @Test
  void doesNotCountWhatIsAnsweredLongAfterTheLegWasOver() {
    event(BEGAN, BEGAN, BEGAN + 1_100_000);
    event(BEGAN, BEGAN, BEGAN + 1_300_000);

    assertThat(leg(2).achieved()).isEqualTo(1);
  }

  @Test
  void isNotCompleteIfTheInjectorEndedEarly() {
    event(BEGAN, BEGAN, BEGAN + 1_000);

    assertThat(leg(10).complete()).isFalse();
  }

  @Test
  void drainsUntilTheLastArrival() {
    event(BEGAN, BEGAN, BEGAN + 1_000);
    arrived.setFirst(0, BEGAN + 3_500_000);

    assertThat(leg(1).drainSeconds()).isEqualTo(2.5);
  }

  private void event(long due, long sent, long accepted) {
    ledger.accept(ledger.send(due, sent), ID, accepted);
  }

  /** Of one second. */
  private LegResult leg(double rate) {
    Plan plan =
        new Plan(
            URI.create("http://127.0.0.1:1"),
            1,
            500,
            1,
            0,
            List.of(Leg.level("level", rate, 1)),
            List.of(new Kind("load.0000", "key", 1, true)));
    Records records =
        new Records(
            plan,
            BEGAN,
            List.of(ledger, new RunLedger()),
            List.of(arrived, new Timeline()),
            List.of(counts(), counts()));
    return LegCount.of(records, BOUNDS).getFirst();
  }

  private static JsonObject counts() {
    return new JsonObject()
        .put("distinct", 0)
        .put("repeats", 0)
        .put(
            "sinceIntendedMicros",
            new JsonObject().put("p50", 0).put("p99", 0).put("p99.9", 0).put("max", 0));
  }
}
