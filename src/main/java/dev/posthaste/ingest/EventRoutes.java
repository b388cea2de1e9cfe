package dev.posthaste.ingest;

import dev.posthaste.event.TraceContext;
import dev.posthaste.http.BoundedBody;
import dev.posthaste.http.Caller;
import dev.posthaste.http.IdempotencyKey;
import dev.posthaste.http.Problem;
import dev.posthaste.http.ProblemException;
import dev.posthaste.ingest.IngestObserver.Refusal;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /webhooks/v1/events} and {@code /events/batch}. Belongs to one event loop. */
final class EventRoutes {
  static final String ONE = "/webhooks/v1/events";
  static final String BATCH = "/webhooks/v1/events/batch";

  private static final Logger LOG = LoggerFactory.getLogger(EventRoutes.class);
  private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
  private static final CharSequence TRACEPARENT =
      HttpHeaders.createOptimized(TraceContext.PARENT_HEADER);
  private static final CharSequence TRACESTATE =
      HttpHeaders.createOptimized(TraceContext.STATE_HEADER);

  /** What an event may have around its data. */
  private static final int ENVELOPE_BYTES = 8 * 1024;

  private static final int MARK_BYTES = 6;

  private final EventIntake intake;
  private final EventReader reader;
  private final IngestBudget budget;
  private final CommitGroup group;
  private final TenantThrottle throttle;
  private final Limits limits;
  private final IngestObserver observer;

  EventRoutes(
      EventIntake intake,
      IngestBudget budget,
      CommitGroup group,
      TenantThrottle throttle,
      Limits limits,
      IngestObserver observer) {
    this.intake = intake;
    this.reader = new EventReader(limits.maxDataBytes());
    this.budget = budget;
    this.group = group;
    this.throttle = throttle;
    this.limits = limits;
    this.observer = observer;
  }

  /**
   * What one request may bring.
   *
   * @param maxDataBytes of one event
   * @param maxBatchBytes of a whole batch
   * @param maxBatchEvents in one batch
   */
  record Limits(int maxDataBytes, int maxBatchBytes, int maxBatchEvents) {}

  void one(HttpServerRequest request) {
    answer(
        request,
        () -> {
          Caller caller = intake.admit(request.headers());
          requireJson(request, false);
          return BoundedBody.read(request, limits.maxDataBytes() + ENVELOPE_BYTES)
              .compose(body -> acceptOne(caller, body, request))
              .map(accepted -> new Answer(accepted.repeat() ? 200 : 202, json(accepted)));
        });
  }

  private Future<Accepted> acceptOne(Caller caller, Buffer body, HttpServerRequest request) {
    Draft draft =
        named(reader.readOne(BoundedBody.bytes(body)), IdempotencyKey.of(request.headers()));
    Candidate candidate = counted(intake.check(caller, draft, trace(request)));
    return commit(List.of(candidate)).map(List::getFirst);
  }

  private Candidate counted(Candidate candidate) {
    if (!candidate.warnings().isEmpty()) {
      observer.warned();
    }
    return candidate;
  }

  /** The idempotency key of the request is the event's id, if it has none of its own. */
  private static Draft named(Draft draft, Optional<String> name) {
    return name.isPresent() && draft.key().isEmpty() ? draft.withKey(name) : draft;
  }

  /**
   * Of a batch, each event is named by its place: a repeat of the batch finds all of them. The name
   * has a mark of the body, so that another batch under the same key is no repeat and loses
   * nothing.
   */
  private static Optional<String> batchName(HttpServerRequest request, Buffer body) {
    return IdempotencyKey.of(request.headers()).map(key -> key + "-" + mark(body));
  }

  private static String mark(Buffer body) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(BoundedBody.bytes(body));
      return HexFormat.of().formatHex(hash, 0, MARK_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static EventReader.Item named(EventReader.Item item, Optional<String> batch, int index) {
    return batch.isPresent() && item instanceof EventReader.Item.Good good
        ? new EventReader.Item.Good(named(good.draft(), batch.map(name -> name + "-" + index)))
        : item;
  }

  void batch(HttpServerRequest request) {
    answer(
        request,
        () -> {
          Caller caller = intake.admit(request.headers());
          boolean lines = requireJson(request, true);
          return BoundedBody.read(request, limits.maxBatchBytes())
              .compose(
                  body -> acceptBatch(caller, items(BoundedBody.bytes(body), lines), request, body))
              .map(text -> new Answer(202, text));
        });
  }

  private List<EventReader.Item> items(byte[] body, boolean lines) {
    return lines
        ? reader.readLines(body, limits.maxBatchEvents())
        : reader.readArray(body, limits.maxBatchEvents());
  }

  private Future<Buffer> acceptBatch(
      Caller caller, List<EventReader.Item> items, HttpServerRequest request, Buffer body) {
    Optional<TraceContext> trace = trace(request);
    Optional<String> name = batchName(request, body);
    List<Candidate> good = new ArrayList<>(items.size());
    List<Optional<Problem>> problems = new ArrayList<>(items.size());
    for (EventReader.Item item : items) {
      EventReader.Item named = named(item, name, problems.size());
      problems.add(problemOf(caller, named, trace, good));
    }
    return (good.isEmpty() ? Future.succeededFuture(List.<Accepted>of()) : commit(good))
        .map(accepted -> results(problems, accepted));
  }

  private Optional<Problem> problemOf(
      Caller caller, EventReader.Item item, Optional<TraceContext> trace, List<Candidate> good) {
    try {
      switch (item) {
        case EventReader.Item.Bad bad -> {
          observer.refused(Refusal.of(bad.problem().status()), 1);
          return Optional.of(bad.problem());
        }
        case EventReader.Item.Good read ->
            good.add(counted(intake.check(caller, read.draft(), trace)));
      }
      return Optional.empty();
    } catch (ProblemException e) {
      observer.refused(Refusal.of(e.problem().status()), 1);
      return Optional.of(e.problem());
    }
  }

  private static Buffer results(List<Optional<Problem>> problems, List<Accepted> accepted) {
    StringBuilder out = new StringBuilder(accepted.size() * 200 + 64).append("{\"results\":[");
    int next = 0;
    for (int i = 0; i < problems.size(); i++) {
      out.append(i == 0 ? "" : ",");
      if (problems.get(i).isPresent()) {
        String place = BATCH + "#/" + i;
        JsonObject problem = problems.get(i).get().toJson().put("instance", place);
        out.append("{\"error\":").append(problem.encode()).append('}');
      } else {
        accepted.get(next++).appendJson(out);
      }
    }
    return Buffer.buffer(out.append("]}").toString());
  }

  private Future<List<Accepted>> commit(List<Candidate> candidates) {
    throttle(candidates);
    if (!budget.admit(candidates.size())) {
      observer.refused(
          budget.isUnsettledFull() ? Refusal.UNSETTLED_FULL : Refusal.QUEUE_FULL,
          candidates.size());
      return Future.failedFuture(
          new ProblemException(
              Problem.overloaded(
                  "Events come faster than they can be stored or delivered. Send this one again.",
                  1)));
    }
    return group
        .submit(candidates)
        .recover(
            e -> {
              observer.refused(Refusal.DATABASE, candidates.size());
              return Future.failedFuture(new ProblemException(StorageProblems.of(e)));
            });
  }

  private void throttle(List<Candidate> candidates) {
    try {
      throttle.admit(candidates);
    } catch (ProblemException e) {
      observer.refused(Refusal.TENANT_LIMIT, candidates.size());
      throw e;
    }
  }

  private void answer(HttpServerRequest request, Supplier<Future<Answer>> work) {
    Future.<Void>succeededFuture()
        .compose(v -> work.get())
        .onSuccess(answer -> send(request, answer))
        .onFailure(e -> refuse(request, e));
  }

  private static void send(HttpServerRequest request, Answer answer) {
    request
        .response()
        .setStatusCode(answer.status)
        .putHeader(HttpHeaders.CONTENT_TYPE, JSON)
        .end(answer.body);
  }

  private void refuse(HttpServerRequest request, Throwable cause) {
    if (cause instanceof ProblemException known) {
      if (!isCounted(known.problem())) {
        observer.refused(Refusal.of(known.problem().status()), 1);
      }
      known.problem().send(request.response(), request.path());
    } else if (cause instanceof HttpClosedException || request.response().closed()) {
      LOG.debug("A client hung up before its request was read");
    } else {
      observer.refused(Refusal.INTERNAL, 1);
      LOG.error("A request failed that should not", cause);
      Problem.internal("Nothing was accepted. Send it again; the cause is in the server's log.")
          .send(request.response(), request.path());
    }
  }

  /** When it was refused, together with its other events. */
  private static boolean isCounted(Problem problem) {
    return problem.status() == 429 || problem.status() == 503;
  }

  /** Whether the body has one event a line. */
  private static boolean requireJson(HttpServerRequest request, boolean linesAllowed) {
    String type = request.getHeader(HttpHeaders.CONTENT_TYPE);
    if (request.headers().contains(HttpHeaders.CONTENT_ENCODING)) {
      throw new ProblemException(
          Problem.unsupportedMediaType("Send the body without content-encoding."));
    }
    if (type == null || type.equals("application/json")) {
      return false;
    }
    String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (linesAllowed && media.equals("application/x-ndjson")) {
      return true;
    }
    if (!media.equals("application/json")) {
      throw new ProblemException(
          Problem.unsupportedMediaType(
              "Send application/json" + (linesAllowed ? " or application/x-ndjson." : ".")));
    }
    return false;
  }

  /** Two parents are no context. */
  private static Optional<TraceContext> trace(HttpServerRequest request) {
    String parent = request.getHeader(TRACEPARENT);
    if (parent == null || request.headers().getAll(TRACEPARENT).size() > 1) {
      return Optional.empty();
    }
    return TraceContext.read(parent, String.join(",", request.headers().getAll(TRACESTATE)));
  }

  private static Buffer json(Accepted accepted) {
    StringBuilder out = new StringBuilder(224);
    accepted.appendJson(out);
    return Buffer.buffer(out.toString());
  }

  private record Answer(int status, Buffer body) {}
}
