package dev.posthaste.dispatch;

import dev.posthaste.contract.Contracts;
import dev.posthaste.contract.Header;
import dev.posthaste.contract.RetrySchedule;
import dev.posthaste.dispatch.AttemptTraces.AttemptTrace;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Deferral.Reason;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Payload;
import dev.posthaste.event.PublicId;
import dev.posthaste.event.Reply;
import dev.posthaste.lane.Lane;
import dev.posthaste.registry.Registry;
import dev.posthaste.send.Sender;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes deliveries into lanes, starts as many as may be in flight, and decides what follows from
 * each reply. Belongs to one event loop.
 */
final class Dispatcher {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  /** When a delivery is looked at again that found its lane full or overaged. */
  private static final Duration PARKED_FOR = Duration.ofSeconds(1);

  /** When a delivery is looked at again whose endpoint cannot be sent to as it stands. */
  private static final Duration BLOCKED_FOR = Duration.ofMinutes(1);

  private final Parts parts;
  private final Limits limits;
  private final Lanes lanes;
  private final Channels channels;
  private final RetryClock retries;
  private final BodyCache bodies = new BodyCache();
  private final EndpointHealth health = new EndpointHealth();
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final OrderedRuns ordered;
  private final OrderPolicy orderPolicy;

  private int inFlight;
  private boolean pumping;
  private boolean draining;
  private Optional<Promise<Void>> landed = Optional.empty();

  Dispatcher(Vertx vertx, Parts parts, Limits limits) {
    this.parts = parts;
    this.limits = limits;
    this.lanes = new Lanes(vertx, limits.laneQueue(), limits.maxInFlightPerEndpoint(), this::pump);
    this.channels = new Channels(parts.registry, parts.contracts, limits.httpAllowed());
    this.retries = new RetryClock(vertx, delivery -> accept(List.of(delivery)));
    this.ordered = new OrderedRuns(parts.recorder, this::accept);
    this.orderPolicy = new OrderPolicy(parts.clock, random);
    parts.recorder.onRoom(this::pump);
    parts.recorder.tells(ordered);
    parts.recorder.watchedBy(parts.observer);
  }

  /**
   * What it works with.
   *
   * @param onGone told the id of an endpoint that answered 410
   * @param liveNodes how many nodes share the rate limits of endpoints
   */
  record Parts(
      Registry registry,
      Contracts contracts,
      Sender sender,
      OutcomeRecorder recorder,
      LongConsumer onGone,
      DispatchObserver observer,
      IntSupplier liveNodes,
      AttemptTraces traces,
      Clock clock) {}

  /**
   * Its bounds.
   *
   * @param maxInFlight attempts under way on this loop
   * @param maxInFlightPerEndpoint the ceiling where an endpoint sets none
   * @param laneQueue deliveries that wait in one lane
   * @param maxHoldMillis the longest that one waits in memory
   */
  record Limits(
      int maxInFlight,
      int maxInFlightPerEndpoint,
      int laneQueue,
      long maxHoldMillis,
      boolean httpAllowed) {}

  /** Takes deliveries into their lanes; what finds no room waits in the table. */
  void accept(List<Delivery> deliveries) {
    long now = parts.clock.millis();
    for (Delivery delivery : ordered.turns(deliveries)) {
      if (draining) {
        park(delivery, Duration.ZERO, Reason.NODE_STOPPED);
      } else if (!lanes.offer(delivery, now)) {
        park(delivery, PARKED_FOR, Reason.LANE_FULL);
      }
    }
    pump();
  }

  /** Moves what has waited too long into the table, so that the watermark never lags far. */
  void expire() {
    lanes.expire(
        parts.clock.millis() - limits.maxHoldMillis(),
        delivery -> park(delivery, PARKED_FOR, Reason.HELD_TOO_LONG));
    parts.observer.loaded(lanes.load(inFlight));
  }

  /** A reply that is there at once comes back here: then the loop below goes on. */
  private void pump() {
    if (!pumping) {
      pumping = true;
      try {
        startAll();
      } finally {
        pumping = false;
      }
    }
  }

  private void startAll() {
    while (!draining && inFlight < limits.maxInFlight() && !parts.recorder.isFull()) {
      Optional<Lane> lane = lanes.next();
      if (lane.isEmpty()) {
        return;
      }
      Delivery delivery = lane.get().start(System.nanoTime());
      lanes.changed(lane.get());
      start(lane.get(), delivery);
    }
  }

  private void start(Lane lane, Delivery delivery) {
    if (delivery.order().isPresent() && !delivery.order().get().holds()) {
      giveBack(lane, delivery);
      return;
    }
    Optional<Endpoint> endpoint = parts.registry.endpoint(delivery.endpointId());
    if (endpoint.isEmpty() || endpoint.get().status() != Endpoint.Status.ACTIVE) {
      discard(lane, delivery);
      return;
    }
    try {
      send(lane, delivery, channels.to(endpoint.get(), () -> lanes.allow(lane, endpoint.get())));
    } catch (RuntimeException e) {
      block(lane, delivery, e.getMessage());
    }
  }

  private void send(Lane lane, Delivery delivery, Channel channel) {
    Payload body = bodies.body(delivery.event(), channel);
    Instant now = parts.clock.instant();
    parts.observer.started(delivery, now.toEpochMilli() - lane.startedSinceMillis());
    Optional<AttemptTrace> trace = parts.traces.begin(channel.endpoint(), delivery);
    List<Header> headers =
        channel.traced(
            channel.signer().headers(delivery.event(), body, delivery.trigger(), now), trace);
    Future<Reply> sent =
        parts.sender.send(channel.target(), headers, body, channel.contract().timeout().toMillis());
    inFlight++;
    sent.onComplete(
        reply -> {
          inFlight--;
          land(lane, delivery, channel, new Made(now, reply.result(), trace));
          lanes.changed(lane);
          pump();
          if (inFlight == 0) {
            landed.ifPresent(Promise::tryComplete);
          }
        });
  }

  private void land(Lane lane, Delivery delivery, Channel channel, Made made) {
    if (draining && isOurFault(made.reply)) {
      lane.ignore();
      park(delivery, Duration.ZERO, Reason.NODE_STOPPED);
      return;
    }
    if (Judge.isOverload(made.reply)) {
      lane.overload();
    } else {
      lane.succeed();
    }
    try {
      finish(delivery, channel, made);
    } catch (RuntimeException e) {
      LOG.error("A reply could not be judged; its delivery is made again", e);
      park(delivery, BLOCKED_FOR, Reason.UNSENDABLE);
    }
  }

  /** Cut off by our own stop, which says nothing about the endpoint and uses up no attempt. */
  private static boolean isOurFault(Reply reply) {
    return reply instanceof Reply.Unanswered unanswered
        && unanswered.reason() == Reply.Reason.INTERNAL;
  }

  private void finish(Delivery delivery, Channel channel, Made made) {
    int number = delivery.attempts() + 1;
    Judge contracts =
        Judge.of(channel.contract(), number, made.reply, parts.clock.instant(), random);
    Judge judge = orderPolicy.apply(contracts, delivery, channel, made.reply);
    learn(delivery, judge, made.reply);
    Attempt attempt =
        new Attempt(
            delivery.id(),
            number,
            judge.outcome(),
            delivery.trigger(),
            Optional.of(made.reply),
            made.at.toEpochMilli());
    parts.observer.attempted(channel.endpoint(), delivery, attempt);
    made.trace.ifPresent(trace -> trace.onEnd().accept(attempt));
    if (judge.retry().isPresent()) {
      retry(delivery, attempt, judge.retry().get());
    } else {
      parts.recorder.records(delivery, attempt);
    }
    if (judge.gone()) {
      parts.onGone.accept(delivery.endpointId());
    }
  }

  private void learn(Delivery delivery, Judge judge, Reply reply) {
    if (judge.outcome() == Attempt.Outcome.DELIVERED) {
      health.succeeded(delivery.endpointId());
    } else {
      health.failed(delivery.endpointId(), delivery.event().id(), reply);
    }
  }

  private void retry(Delivery delivery, Attempt attempt, RetrySchedule.Retry retry) {
    if (retry.inline() && !draining) {
      parts.recorder.records(delivery, attempt);
      retries.add(delivery.attempted(), retry.delay().toMillis());
    } else {
      parts.recorder.defers(
          delivery,
          attempt,
          new Deferral(
              delivery.id(),
              attempt.number(),
              retry.delay(),
              retryTrigger(delivery.trigger()),
              Reason.RETRY));
    }
  }

  /** A replay stays one, so that it keeps its place behind live traffic and its marker. */
  private static Attempt.Trigger retryTrigger(Attempt.Trigger trigger) {
    return trigger == Attempt.Trigger.REPLAY ? trigger : Attempt.Trigger.RETRY;
  }

  /** The endpoint was disabled or deleted while the delivery waited. */
  private void discard(Lane lane, Delivery delivery) {
    lane.ignore();
    lanes.changed(lane);
    channels.forget(delivery.endpointId());
    lanes.forget(delivery.endpointId());
    parts.observer.discarded(delivery);
    parts.recorder.records(
        delivery,
        new Attempt(
            delivery.id(),
            delivery.attempts() + 1,
            Attempt.Outcome.DISCARDED,
            delivery.trigger(),
            Optional.empty(),
            parts.clock.millis()));
  }

  /** Others may deliver its key by now. */
  private void giveBack(Lane lane, Delivery delivery) {
    lane.ignore();
    lanes.changed(lane);
    park(delivery, Duration.ZERO, Reason.ORDER);
  }

  private void block(Lane lane, Delivery delivery, String why) {
    lane.ignore();
    lanes.changed(lane);
    LOG.atError()
        .addKeyValue("endpoint", PublicId.ENDPOINT.format(delivery.endpointId()))
        .addKeyValue("event", PublicId.EVENT.format(delivery.event().id()))
        .addKeyValue("cause", why)
        .log("An endpoint cannot be sent to; its delivery waits for the settings to be mended");
    park(delivery, BLOCKED_FOR, Reason.UNSENDABLE);
  }

  private void park(Delivery delivery, Duration delay, Reason reason) {
    parts.observer.parked(delivery, reason);
    parts.recorder.parks(
        delivery,
        new Deferral(delivery.id(), delivery.attempts(), delay, delivery.trigger(), reason));
  }

  /**
   * Starts nothing more, moves what waits into the table, and lets what is in flight end.
   *
   * @return when nothing is in flight any more
   */
  Future<Void> drain() {
    draining = true;
    lanes.drain().forEach(delivery -> park(delivery, Duration.ZERO, Reason.NODE_STOPPED));
    retries.drain().forEach(delivery -> park(delivery, Duration.ZERO, Reason.NODE_STOPPED));
    if (inFlight == 0) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    landed = Optional.of(promise);
    return promise.future();
  }

  private record Made(Instant at, Reply reply, Optional<AttemptTrace> trace) {}
}
