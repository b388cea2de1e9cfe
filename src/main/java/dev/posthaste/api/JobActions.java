package dev.posthaste.api;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.ResourceScopes;
import dev.posthaste.http.Problem;
import dev.posthaste.http.Problem.Fault;
import dev.posthaste.http.ProblemException;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.Job;
import dev.posthaste.store.JobStore;
import dev.posthaste.store.RangeStore;
import dev.posthaste.store.Unit;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Bring back a range of an endpoint's deliveries, and look after the jobs that do it. */
final class JobActions {
  private final ApiParts parts;
  private final EndpointStore endpoints;
  private final JobStore jobs;

  JobActions(ApiParts parts) {
    this.parts = parts;
    this.endpoints = parts.stores().endpoints();
    this.jobs = parts.stores().jobs();
  }

  Map<String, Action> byOperation() {
    return Map.of("listJobs", this::list, "getJob", this::get);
  }

  Map<String, Change> changes() {
    return Map.of("recoverEndpoint", this::recover, "cancelJob", this::cancel);
  }

  private Future<Made> recover(ApiCall call, Unit unit) {
    Job.Range range = range(call.body());
    Job.Picks picks =
        Job.Picks.valueOf(call.body().getString("only", "failed").toUpperCase(Locale.ROOT));
    return EndpointIds.find(endpoints, call, unit)
        .compose(id -> endpoints.find(unit, call.tenant().id(), id))
        .map(found -> found.orElseThrow(() -> EndpointIds.unknown(call.path("id"))))
        .compose(
            endpoint ->
                call.body().getBoolean("dryRun", false)
                    ? count(unit, endpoint, picks, range)
                    : start(call, unit, job(call, endpoint, picks, range)));
  }

  private Job.Range range(JsonObject body) {
    Instant since = time(body, "since").orElseThrow();
    Instant until = time(body, "until").orElseGet(parts.clock()::instant);
    long first = IdGenerator.lowestAt(since.toEpochMilli());
    long last = IdGenerator.lowestAt(until.toEpochMilli()) - 1;
    if (last < first) {
      throw invalid("/since", "must be before 'until', which is now if it is not given");
    }
    return new Job.Range(first, last);
  }

  private static Optional<Instant> time(JsonObject body, String name) {
    try {
      return Optional.ofNullable(body.getString(name))
          .map(text -> OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      throw invalid("/" + name, "must be a time such as 2026-01-31T12:00:00Z");
    }
  }

  private static ProblemException invalid(String pointer, String message) {
    return new ProblemException(Problem.invalid(List.of(new Fault(pointer, message))));
  }

  private Future<Made> count(Unit unit, Endpoint endpoint, Job.Picks picks, Job.Range range) {
    return RangeStore.count(
            unit,
            new RangeStore.Query(
                endpoint.tenantId(),
                endpoint.id(),
                picks,
                range,
                parts.sending().contracts().announcements()),
            !endpoint.resourceScopes().equals(ResourceScopes.ALL),
            (type, resource) -> parts.registry().isFor(endpoint, type, resource))
        .map(count -> Made.nothing(ApiAnswer.ok(new JsonObject().put("count", count))));
  }

  private Job job(ApiCall call, Endpoint endpoint, Job.Picks picks, Job.Range range) {
    return new Job(
        parts.ids().next(),
        endpoint.tenantId(),
        endpoint.id(),
        picks,
        range,
        Job.State.RUNNING,
        range.first() - 1,
        Optional.empty(),
        new Job.Counts(0, 0, 0),
        new Job.Creator(call.key().id(), call.key().name()),
        parts.clock().instant(),
        Optional.empty());
  }

  private Future<Made> start(ApiCall call, Unit unit, Job job) {
    return jobs.create(unit, job)
        .map(
            created ->
                switch (created) {
                  case JobStore.Created.Fresh fresh ->
                      Made.elsewhere(
                          ApiAnswer.accepted(answer(fresh.job())),
                          Made.Note.of("job.created", id(fresh.job()), call.body()));
                  case JobStore.Created.Busy busy -> throw busy(busy.job());
                });
  }

  private static ProblemException busy(Optional<Long> other) {
    return new ProblemException(
        Problem.conflict(
            "The endpoint is being recovered already"
                + other.map(id -> " by " + PublicId.JOB.format(id)).orElse("")
                + ": wait for it, or cancel it."));
  }

  private Future<Made> cancel(ApiCall call, Unit unit) {
    return jobs.cancel(unit, call.tenant().id(), jobId(call))
        .map(found -> found.orElseThrow(() -> unknown(call)))
        .map(
            canceled -> {
              ApiAnswer answer = ApiAnswer.ok(answer(canceled.job()));
              return canceled.now()
                  ? Made.elsewhere(
                      answer, Made.Note.of("job.canceled", id(canceled.job()), new JsonObject()))
                  : Made.nothing(answer);
            });
  }

  private Future<ApiAnswer> get(ApiCall call) {
    return jobs.find(call.tenant().id(), jobId(call))
        .map(found -> found.orElseThrow(() -> unknown(call)))
        .map(job -> ApiAnswer.ok(answer(job)));
  }

  private Future<ApiAnswer> list(ApiCall call) {
    long below = Cursor.JOBS.of(call, Long.MAX_VALUE)[0];
    int limit = Page.limit(call);
    return endpoint(call)
        .compose(endpoint -> jobs.list(call.tenant().id(), endpoint, below, limit + 1))
        .map(
            rows ->
                Page.of(rows, limit)
                    .answer("jobs", this::view, last -> Cursor.JOBS.format(last.id())));
  }

  private Future<Optional<Long>> endpoint(ApiCall call) {
    return call.text("endpoint_id")
        .map(id -> EndpointIds.find(endpoints, call.tenant(), id).map(Optional::of))
        .orElse(Future.succeededFuture(Optional.empty()));
  }

  private JsonObject view(Job job) {
    return JobView.of(job, parts.clock().instant());
  }

  private JsonObject answer(Job job) {
    return new JsonObject().put("job", view(job));
  }

  private static String id(Job job) {
    return PublicId.JOB.format(job.id());
  }

  private static long jobId(ApiCall call) {
    return PublicId.JOB.parse(call.path("id")).orElseThrow(() -> unknown(call));
  }

  private static ProblemException unknown(ApiCall call) {
    return new ProblemException(Problem.notFound("There is no job '" + call.path("id") + "'."));
  }
}
