package dev.posthaste.loadtest.load;

import dev.posthaste.loadtest.Progress;
import dev.posthaste.loadtest.plan.Kind;
import dev.posthaste.loadtest.plan.Leg;
import dev.posthaste.loadtest.plan.Plan;
import dev.posthaste.loadtest.plan.Schedule;
import dev.posthaste.loadtest.wire.Timeline;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Runs of the injector against one stand, each followed until all has arrived. */
final class InjectorRun {
  private static final long LOOK_MILLIS = 500;

  /** Of each leg one for the events to healthy endpoints and one for the others; four digits. */
  private static final int MOST_RUNS = 9_999;

  /** A few hundred bytes of memory each, in three processes. */
  private static final long MOST_EVENTS = 20_000_000;

  private final Stand stand;
  private final LoadOptions options;
  private final Path work;
  private int nextRun = 1;

  InjectorRun(Stand stand, LoadOptions options, Path work) {
    this.stand = stand;
    this.options = options;
    this.work = work;
  }

  /**
   * What shall be sent.
   *
   * @param stopMillis how far the server may fall behind before it ends early; 0 for ever
   */
  record Load(Profile profile, List<Leg> legs, List<Kind> kinds, int stopMillis) {}

  /**
   * What came of it.
   *
   * @param assertions whether Gatling's hold
   * @param others share of the machine that went to others
   */
  record Finished(
      Records records, boolean assertions, Optional<Path> report, OptionalDouble others) {}

  /** Sends it all and waits until it has arrived, or nothing has for long. */
  Finished run(Load load) throws IOException, InterruptedException {
    Plan plan = plan(load);
    long events = (long) new Schedule(load.legs()).requests() * options.batch;
    checkSize(plan, events);
    nextRun += plan.runs();
    Path folder = Files.createDirectories(work.resolve("run-" + plan.firstRun()));
    plan.write(folder.resolve("plan.txt"));
    stand.receiver().begin(plan.firstRun(), plan.runs());
    Path reports =
        options
            .measuring
            .out()
            .resolve("gatling")
            .resolve(load.profile().code() + "-" + System.currentTimeMillis());
    Optional<OtherLoad> others = OtherLoad.watch(stand);
    try (InjectorProcess injector =
        InjectorProcess.start(
            new InjectorProcess.Order(
                options.injector, load.profile(), folder, reports, events, !options.noHtml))) {
      follow(injector, plan, others);
      boolean assertions = injector.holds();
      return new Finished(
          settled(plan, folder),
          assertions,
          injector.report(),
          others.map(each -> OptionalDouble.of(each.share())).orElse(OptionalDouble.empty()));
    }
  }

  private Plan plan(Load load) {
    return new Plan(
        stand.url(),
        options.batch,
        options.dataBytes,
        nextRun,
        load.stopMillis(),
        load.legs(),
        load.kinds());
  }

  private static void checkSize(Plan plan, long events) {
    if (events > MOST_EVENTS || plan.firstRun() + plan.runs() > MOST_RUNS) {
      throw new IllegalArgumentException(
          "%,d events in %d legs are too many to remember: lower --rate or --duration"
              .formatted(events, plan.legs().size()));
    }
  }

  private void follow(InjectorProcess injector, Plan plan, Optional<OtherLoad> others)
      throws IOException, InterruptedException {
    Progress progress = new Progress();
    while (!injector.hasEnded(LOOK_MILLIS)) {
      others.ifPresent(OtherLoad::look);
      progress.show("%,d events have arrived".formatted(distinct(summaries(plan))));
    }
    progress.end();
  }

  private List<JsonObject> summaries(Plan plan) throws IOException, InterruptedException {
    List<JsonObject> all = new ArrayList<>();
    for (int i = 0; i < plan.runs(); i++) {
      all.add(stand.receiver().summary(plan.firstRun() + i));
    }
    return all;
  }

  private static long distinct(List<JsonObject> summaries) {
    return summaries.stream().mapToLong(each -> each.getLong("distinct")).sum();
  }

  /** Looks until nothing is missing, or what is missing has not changed for long. */
  private Records settled(Plan plan, Path folder) throws IOException, InterruptedException {
    Records records = records(plan, folder);
    int missing = Reconciliation.of(records).lost().size();
    long progress = System.nanoTime();
    while (missing > 0
        && System.nanoTime() - progress < options.measuring.drain() * 1_000_000_000L) {
      Thread.sleep(LOOK_MILLIS);
      records = records(plan, folder);
      int now = Reconciliation.of(records).lost().size();
      progress = now == missing ? progress : System.nanoTime();
      missing = now;
    }
    return records;
  }

  private Records records(Plan plan, Path folder) throws IOException, InterruptedException {
    List<JsonObject> received = summaries(plan);
    List<Timeline> arrived = new ArrayList<>();
    for (int i = 0; i < plan.runs(); i++) {
      arrived.add(stand.receiver().times(plan.firstRun() + i));
    }
    return new Records(
        plan, Records.began(folder), Records.ledgers(plan, folder), arrived, received);
  }
}
