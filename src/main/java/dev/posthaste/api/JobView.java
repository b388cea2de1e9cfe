package dev.posthaste.api;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.store.Job;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** A job as answers show it. */
final class JobView {
  private static final double MILLIS_PER_SECOND = 1_000;

  private JobView() {}

  static JsonObject of(Job job, Instant now) {
    return new JsonObject()
        .put("id", PublicId.JOB.format(job.id()))
        .put("kind", "recover")
        .put("endpointId", PublicId.ENDPOINT.format(job.endpointId()))
        .put("only", code(job.picks()))
        .put("since", Times.text(IdGenerator.millisOf(job.range().first())))
        .put("until", Times.text(IdGenerator.millisOf(job.range().last() + 1)))
        .put("status", code(job.state()))
        .put("progress", progress(job, now))
        .put(
            "createdBy",
            new JsonObject()
                .put("id", PublicId.KEY.format(job.createdBy().keyId()))
                .put("name", job.createdBy().keyName()))
        .put("createdAt", Times.text(job.createdAt()))
        .put("endedAt", Times.textOrNull(job.endedAt()));
  }

  private static String code(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static JsonObject progress(Job job, Instant now) {
    Job.Counts counts = job.counts();
    double perSecond = perSecond(job, now);
    return new JsonObject()
        .put("total", job.total().orElse(null))
        .put("queued", counts.queued())
        .put("delivered", counts.delivered())
        .put("failed", counts.failed())
        .put("perSecond", perSecond)
        .put("endsInSeconds", endsIn(job, perSecond).orElse(null));
  }

  private static double perSecond(Job job, Instant now) {
    long millis = Duration.between(job.createdAt(), job.endedAt().orElse(now)).toMillis();
    double exact = job.counts().over() * MILLIS_PER_SECOND / Math.max(1, millis);
    return Math.round(exact * 100) / 100.0;
  }

  private static Optional<Long> endsIn(Job job, double perSecond) {
    boolean isKnown = job.state() == Job.State.RUNNING && perSecond > 0;
    return isKnown
        ? job.total().map(total -> seconds(total - job.counts().over(), perSecond))
        : Optional.empty();
  }

  private static long seconds(long left, double perSecond) {
    return (long) Math.ceil(Math.max(0, left) / perSecond);
  }
}
