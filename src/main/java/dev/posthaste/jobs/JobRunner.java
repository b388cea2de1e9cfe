package dev.posthaste.jobs;

import dev.posthaste.event.PublicId;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.JobSettings;
import dev.posthaste.store.Database;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.JobSteps;
import dev.posthaste.store.RangeStore;
import dev.posthaste.store.Units;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes steps of jobs, one after the other, for as long as there are some to take. One per node;
 * the nodes share the jobs. A job that fails waits by itself, longer each time, and the others go
 * on; while the database is away all of them wait.
 */
public final class JobRunner extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  /** Of more than this many jobs that fail, some are tried a little more often. */
  private static final int MAX_TROUBLED = 1_000;

  private final JobStep step;
  private final JobSettings settings;
  private final Map<Long, Setback> troubled = new LinkedHashMap<>();
  private Optional<Setback> away = Optional.empty();
  private Future<Duration> underWay = Future.succeededFuture(Duration.ZERO);
  private boolean stopping;

  /**
   * @param endpoints reads them as they are now
   * @param registry knows what endpoints want
   * @param notices the types of events that tell of endpoints, which no job brings to the endpoint
   *     that they tell of
   * @param claimInterval pause between two looks into the table
   */
  public JobRunner(
      Database database,
      EndpointStore endpoints,
      Registry registry,
      Set<String> notices,
      JobSettings settings,
      Duration claimInterval) {
    this.settings = settings;
    this.step =
        new JobStep(
            new JobStep.Stores(
                new Units(database), new JobSteps(database), endpoints, new RangeStore(database)),
            registry,
            notices,
            settings,
            claimInterval);
  }

  @Override
  public Future<?> start() {
    lookAfter(settings.interval());
    return Future.succeededFuture();
  }

  private void lookAfter(Duration pause) {
    if (pause.isZero()) {
      context.runOnContext(v -> look());
    } else {
      vertx.setTimer(pause.toMillis(), timer -> look());
    }
  }

  private void look() {
    if (stopping) {
      return;
    }
    underWay =
        step.count(troubled.keySet())
            .recover(this::uncounted)
            .compose(v -> step.run())
            .compose(this::took, this::stumbled)
            .recover(this::waits);
    underWay.onSuccess(this::lookAfter);
  }

  private Future<Duration> took(Optional<Long> job) {
    job.ifPresent(troubled::remove);
    return isThere(job.isPresent() ? Duration.ZERO : settings.interval());
  }

  /** Whatever the reason: if the job can be put off, the database is there for the others. */
  private Future<Duration> stumbled(Throwable cause) {
    if (!(cause instanceof StepException failed)) {
      return Future.failedFuture(cause);
    }
    Setback setback = setback(failed.job());
    return step.putOff(failed.job(), setback.next())
        .compose(
            v -> {
              tell(setback, failed, "A job could not be brought forward; it waits, others go on");
              return isThere(Duration.ZERO);
            });
  }

  /** A job goes on without: its range may hold too much to be counted in the time there is. */
  private Future<Void> uncounted(Throwable cause) {
    if (!(cause instanceof StepException failed)) {
      return Future.failedFuture(cause);
    }
    tell(
        setback(failed.job()),
        failed,
        "The deliveries of a job could not be counted; it goes on without a total");
    return Future.succeededFuture();
  }

  private Setback setback(long job) {
    if (troubled.size() >= MAX_TROUBLED && !troubled.containsKey(job)) {
      troubled.remove(troubled.keySet().iterator().next());
    }
    return troubled.computeIfAbsent(job, id -> new Setback());
  }

  private static void tell(Setback setback, StepException failed, String what) {
    if (setback.tells(System.nanoTime())) {
      LOG.atWarn()
          .addKeyValue("job", PublicId.JOB.format(failed.job()))
          .addKeyValue("cause", failed.getMessage())
          .log(what);
    }
  }

  private Future<Duration> isThere(Duration pause) {
    if (away.isPresent()) {
      away = Optional.empty();
      LOG.info("Jobs are brought forward again");
    }
    return Future.succeededFuture(pause);
  }

  private Future<Duration> waits(Throwable cause) {
    Setback setback = away.orElseGet(Setback::new);
    away = Optional.of(setback);
    if (setback.tells(System.nanoTime())) {
      LOG.atWarn()
          .addKeyValue("cause", cause.getMessage())
          .log("No job can be brought forward; trying again");
    }
    return Future.succeededFuture(setback.next());
  }

  /** Lets the step under way end. */
  @Override
  public Future<?> stop() {
    stopping = true;
    return underWay.otherwiseEmpty();
  }
}
