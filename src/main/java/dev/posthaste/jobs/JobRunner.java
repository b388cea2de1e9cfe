package dev.posthaste.jobs;

import dev.posthaste.registry.Registry;
import dev.posthaste.settings.JobSettings;
import dev.posthaste.store.Database;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.JobSteps;
import dev.posthaste.store.RangeStore;
import dev.posthaste.store.Units;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes steps of jobs, one after the other, for as long as there are some to take. One per node;
 * the nodes share the jobs.
 */
public final class JobRunner extends VerticleBase {
  private static final Logger LOG = LoggerFactory.getLogger(JobRunner.class);

  private final JobStep step;
  private final JobSettings settings;
  private Future<Boolean> underWay = Future.succeededFuture(false);
  private boolean stopping;

  /**
   * @param endpoints reads them as they are now
   * @param registry knows what endpoints want
   */
  public JobRunner(
      Database database, EndpointStore endpoints, Registry registry, JobSettings settings) {
    this.settings = settings;
    this.step =
        new JobStep(
            new JobStep.Stores(
                new Units(database), new JobSteps(database), endpoints, new RangeStore(database)),
            registry,
            settings);
  }

  @Override
  public Future<?> start() {
    later();
    return Future.succeededFuture();
  }

  private void later() {
    vertx.setTimer(settings.interval().toMillis(), timer -> look());
  }

  private void look() {
    if (stopping) {
      return;
    }
    underWay = step.count().recover(JobRunner::uncounted).compose(counted -> step.run());
    underWay
        .onSuccess(
            did -> {
              if (did) {
                context.runOnContext(v -> look());
              } else {
                later();
              }
            })
        .onFailure(
            e -> {
              LOG.atWarn()
                  .addKeyValue("cause", e.getMessage())
                  .log("A job could not be brought forward; trying again");
              later();
            });
  }

  /** A job goes on without: its range may hold too much to be counted in the time there is. */
  private static Future<Boolean> uncounted(Throwable cause) {
    LOG.atWarn()
        .addKeyValue("cause", cause.getMessage())
        .log("The deliveries of a job could not be counted; it goes on without a total");
    return Future.succeededFuture(false);
  }

  /** Lets the step under way end. */
  @Override
  public Future<?> stop() {
    stopping = true;
    return underWay.otherwiseEmpty();
  }
}
