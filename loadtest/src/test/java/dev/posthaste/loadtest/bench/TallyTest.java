package dev.posthaste.loadtest.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.posthaste.loadtest.bench.Spread.Window;
import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TallyTest {
  private static final Window SECOND = new Window(1_000_000, 2_000_000);

  private final Timeline intended = new Timeline();
  private final Timeline accepted = new Timeline();
  private final Timeline arrived = new Timeline();
  private final Tally tally =
      new Tally(
          intended,
          accepted,
          arrived,
          new JsonObject()
              .put("sent", 13)
              .put("mostLateMicros", 2_500)
              .put("statuses", new JsonObject().put("202", 10).put("503", 2)));

  TallyTest() {
    for (int i = 0; i < 10; i++) {
      intended.setFirst(i, 1_000_000 + i * 100_000);
      accepted.setFirst(i, 1_000_000 + i * 100_000 + 2_000);
      if (i != 4) {
        arrived.setFirst(i, 1_000_000 + i * 100_000 + (i == 5 ? 1_000 : 5_000));
      }
    }
  }

  @Test
  void saysWhatWasAcceptedAndNeverArrived() {
    assertThat(tally.lost()).isEqualTo(1);
    assertThat(tally.counts())
        .containsEntry(Metric.LOST, 1.0)
        .containsEntry(Metric.REFUSED, 2.0)
        .containsEntry(Metric.OTHER, 1.0)
        .containsEntry(Metric.LATE, 2.5);
  }

  @Test
  void whatPublishersSentAgainIsCountedApart() {
    JsonObject sent =
        new JsonObject()
            .put("sent", 10)
            .put("mostLateMicros", 0)
            .put("brokenOff", 3)
            .put("statuses", new JsonObject().put("202", 10))
            .put("refusals", new JsonObject().put("429", 4).put("502", 1).put("503", 2));
    Tally insisting = new Tally(intended, accepted, arrived, sent);

    assertThat(insisting.counts())
        .containsEntry(Metric.REFUSED, 6.0)
        .containsEntry(Metric.OTHER, 0.0);
    assertThat(insisting.repeats())
        .containsEntry(Metric.ACCEPTED_ALL, 10.0)
        .containsEntry(Metric.FAULTS, 3.0)
        .containsEntry(Metric.BROKEN_OFF, 3.0);
  }

  @Test
  void aPartOfTheEventsCanBeLookedAtAlone() {
    Timeline kinds = new Timeline();
    for (int i = 0; i < 10; i++) {
      kinds.setFirst(i, i % 2 + 1);
    }

    Tally odd = tally.only(kinds, kind -> kind == 1);

    assertThat(odd.lost()).isZero();
    assertThat(odd.rates(SECOND)).containsEntry(Metric.ACCEPTED, 5.0);
    assertThat(tally.only(kinds, kind -> kind == 0).lost()).isEqualTo(1);
  }

  @Test
  void ratesAreThoseOfTheWindow() {
    assertThat(tally.rates(SECOND))
        .containsEntry(Metric.ACCEPTED, 10.0)
        .containsEntry(Metric.DELIVERED, 9.0);
    assertThat(tally.rates(new Window(1_000_000, 1_500_000))).containsEntry(Metric.ACCEPTED, 10.0);
  }

  @Test
  void anEventForSeveralEndpointsIsLostAtEachOfThem() {
    Timeline atBoth = arrived.each(2);
    Tally fanned =
        new Tally(
            intended.each(2), accepted.each(2), atBoth.only(i -> i != 0), new JsonObject(), 2);

    assertThat(fanned.lost()).isEqualTo(3);
    assertThat(fanned.rates(SECOND))
        .containsEntry(Metric.ACCEPTED, 10.0)
        .containsEntry(Metric.DELIVERED, 17.0);
  }

  @Test
  void latencyIsFromTheAnswerAndNeverNegative() {
    Map<Metric, Double> latencies = tally.latencies(SECOND);

    assertThat(latencies.get(Metric.ARRIVED_P50)).isEqualTo(3, within(0.01));
    assertThat(latencies.get(Metric.ANSWERED_MAX)).isEqualTo(2, within(0.01));
    assertThat(latencies.get(Metric.WHOLE_P99)).isEqualTo(5, within(0.01));
  }

  @Test
  void aRetryIsAsLateAsItArrivesAfterItWasDue() {
    Timeline due = new Timeline();
    due.setFirst(2, 1_150_000);
    due.setFirst(9, 2_500_000);

    assertThat(tally.retries(due, SECOND).get(Metric.RETRIED_MAX)).isEqualTo(55, within(0.1));
    assertThat(tally.retries(new Timeline(), SECOND)).isEmpty();
  }

  @Test
  void mediansAreOfEachMetricAndWhatMustNotHappenAddsUp() {
    Result median =
        Result.median(
            List.of(
                new Result(Map.of(Metric.ACCEPTED, 5.0, Metric.LOST, 1.0, Metric.FAULTS, 2.0)),
                new Result(Map.of(Metric.ACCEPTED, 1.0)),
                new Result(Map.of(Metric.ACCEPTED, 9.0, Metric.LOST, 0.0))));

    assertThat(median.of(Metric.ACCEPTED)).isEqualTo(5);
    assertThat(median.of(Metric.LOST)).isEqualTo(1);
    assertThat(median.of(Metric.FAULTS)).isEqualTo(2);
    assertThat(Result.median(new double[] {4, 1})).isEqualTo(2.5);
  }

  @Test
  void readsTheStatOfAProcessWhateverItsName() {
    assertThat(ProcFs.fields("12 (postgres: a) b) S 1 2 3\n")).containsExactly("S", "1", "2", "3");
  }
}
