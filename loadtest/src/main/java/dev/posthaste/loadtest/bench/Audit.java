package dev.posthaste.loadtest.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Where each accepted event of a run has got to. What concerns healthy endpoints must arrive; of
 * the others each delivery must be over, or kept for later where it can be seen.
 */
final class Audit {
  private static final int SETTLED_LOOKS = 3;
  private static final int MOST_LOOKS = 60;

  private static final long LOOK_MILLIS = 50;

  /** To see who is missing, all times are fetched. */
  private static final long LOOK_CLOSELY_MILLIS = 500;

  /** A first attempt is only in memory: up to 10 s in its lane, then until it times out. */
  private static final long UNSEEN_NANOS = 45_000_000_000L;

  private final Bed bed;
  private final Scenario scenario;
  private final long firstEvent = PostgresProbe.nextEvent();

  Audit(Bed bed, Scenario scenario) {
    this.bed = bed;
    this.scenario = scenario;
  }

  /** What was sent to those that count. */
  Tally counted(GeneratorRun generator) throws IOException, InterruptedException {
    Tally all = generator.tally(bed.arrivals().times());
    return scenario.load(0).batch() > 1 || scenario.fanOut() > 1
        ? all
        : all.only(generator.kinds(), scenario.counted());
  }

  /** Waits until all of it has arrived, or nothing has for long; gives the seconds. */
  double awaitArrivals(GeneratorRun generator, int accepted)
      throws IOException, InterruptedException {
    long began = System.nanoTime();
    long progress = began;
    int before = -1;
    while (true) {
      int missing = missing(generator, accepted);
      long now = System.nanoTime();
      progress = missing == before ? progress : now;
      before = missing;
      if (missing <= 0 || now - progress > bed.timing().drainNanos()) {
        return (now - began) / 1e9;
      }
      Thread.sleep(scenario.leavesSome() ? LOOK_CLOSELY_MILLIS : LOOK_MILLIS);
    }
  }

  private int missing(GeneratorRun generator, int accepted)
      throws IOException, InterruptedException {
    return scenario.leavesSome()
        ? counted(generator).lost()
        : accepted * scenario.fanOut() - bed.arrivals().summary().getInteger("distinct");
  }

  /** Waits until the others are accounted for: what waits, and what is lost. */
  Map<Metric, Double> others() throws SQLException, InterruptedException {
    List<Long> endpoints = bed.postgres().endpoints(urlsOfOthers());
    long deadline = System.nanoTime() + Math.max(UNSEEN_NANOS, bed.timing().drainNanos());
    long lost = bed.postgres().unaccounted(firstEvent, endpoints);
    while (lost > 0 && System.nanoTime() < deadline) {
      Thread.sleep(1_000);
      lost = bed.postgres().unaccounted(firstEvent, endpoints);
    }
    Map<Metric, Double> values = new EnumMap<>(Metric.class);
    values.put(Metric.LOST, (double) lost);
    values.put(Metric.PENDING, (double) bed.postgres().pending(firstEvent, endpoints));
    return values;
  }

  private List<String> urlsOfOthers() {
    return IntStream.range(0, scenario.endpoints())
        .filter(scenario.counted().negate())
        .mapToObj(i -> scenario.role(i).url(i, bed.arrivals().port()))
        .toList();
  }

  /** Takes away what is kept for endpoints that are deleted, so that the next run starts afresh. */
  static void clear(Bed bed) throws SQLException, InterruptedException {
    int settled = 0;
    for (int i = 0; i < MOST_LOOKS && settled < SETTLED_LOOKS; i++) {
      settled = bed.postgres().forgetPending() == 0 ? settled + 1 : 0;
      Thread.sleep(1_000);
    }
  }
}
