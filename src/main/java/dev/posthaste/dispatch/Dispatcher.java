package dev.posthaste.dispatch;

import dev.posthaste.contract.Contracts;
import dev.posthaste.contract.Header;
import dev.posthaste.dispatch.AttemptTraces.AttemptTrace;
import dev.posthaste.event.Attempt;
import dev.posthaste.event.Deferral.Reason;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Payload;
import dev.posthaste.event.Reply;
import dev.posthaste.lane.Lane;
import dev.posthaste.lane.Waiting;
import dev.posthaste.registry.Registry;
import dev.posthaste.send.Sender;
import dev.posthaste.settings.DirectSettings;
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
final class Dispatcher implements Lanes.Host {
  private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

  private final Parts parts;
  private final Lanes lanes;
  private final Channels channels;
  private final Destinations destinations;
  private final RetryClock retries;
  private final Outcomes outcomes;
  private final ChannelWatch changes;
  private final TurnedBack turnedBack;
  private final BreakerWatch breakers;
  private final OrderedRuns ordered;
  private final OrderPolicy orderPolicy;
  private final BodyCache bodies = new BodyCache();
  private final FailureNews news = new FailureNews();
  private final RandomGenerator random = RandomGenerator.getDefault();

  private boolean pumping;
  private boolean draining;
  private boolean abandoned;
  private Optional<Promise<Void>> landed = Optional.empty();

  Dispatcher(Vertx vertx, Parts parts, LaneLimits limits) {
    this.parts = parts;
    this.lanes = new Lanes(vertx, limits, parts.rooms, this);
    this.channels = new Channels(parts.registry, parts.contracts, parts.httpAllowed);
    this.destinations = new Destinations(parts.registry, parts.direct);
    this.retries = new RetryClock(vertx, this::retryNow);
    this.outcomes = new Outcomes(parts.recorder, parts.observer, parts.clock);
    this.changes = new ChannelWatch(lanes, channels, parts.registry);
    this.turnedBack = new TurnedBack(lanes, channels, outcomes);
    this.breakers = new BreakerWatch(lanes, parts.clock);
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
   * @param rooms where it says what lanes take back from the table
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
      DirectSettings direct,
      LaneRooms rooms,
      boolean httpAllowed,
      Clock clock) {}

  /** Takes deliveries into their lanes; what finds no room waits in the table. */
  void accept(List<Delivery> deliveries) {
    if (abandoned) {
      return;
    }
    long now = parts.clock.millis();
    for (Delivery delivery : ordered.turns(deliveries)) {
      if (draining) {
        outcomes.park(delivery, Reason.NODE_STOPPED);
      } else if (delivery.deferred() && destinations.hasDropped(delivery)) {
        outcomes.discard(delivery);
      } else {
        lanes.offer(delivery, now);
      }
    }
    pump();
  }

  private void retryNow(Lane lane, Delivery delivery) {
    lanes.leaves(lane, delivery);
    accept(List.of(delivery));
  }

  /**
   * To be called about twice a second: moves what has waited too long into the table, so that the
   * watermark never lags far, and forgets what is no longer needed.
   */
  void sweep() {
    parts.observer.loaded(lanes.sweep(parts.clock.millis()));
    news.sweep(System.nanoTime());
    pump();
  }

  @Override
  public void parked(Delivery delivery, Reason reason) {
    if (destinations.hasDropped(delivery)) {
      outcomes.discard(delivery);
    } else {
      outcomes.park(delivery, reason);
    }
  }

  @Override
  public void review(Lane lane, long now) {
    changes.review(lane, now);
  }

  @Override
  public boolean canPark() {
    return parts.recorder.hasRoom();
  }

  @Override
  public void paced() {
    pump();
  }

  @Override
  public void forgotten(long endpointId) {
    channels.forget(endpointId);
    destinations.forget(endpointId);
  }

  @Override
  public int liveNodes() {
    return Math.max(1, parts.liveNodes.getAsInt());
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
    while (!draining && !abandoned && !parts.recorder.isFull()) {
      Lane lane = lanes.next();
      if (lane == null) {
        return;
      }
      start(lane);
    }
  }

  private void start(Lane lane) {
    long now = System.nanoTime();
    Waiting waiting = lanes.start(lane, now);
    Delivery delivery = waiting.delivery();
    if (!delivery.isOurs(Duration.ZERO)) {
      turnedBack.giveBack(lane, delivery, now);
      return;
    }
    Optional<Endpoint> endpoint = destinations.of(delivery);
    if (endpoint.isEmpty()) {
      turnedBack.discard(lane, delivery, now);
      return;
    }
    try {
      Channel channel = changes.channel(lane, endpoint.get(), now);
      if (channel.endpoint().status() != Endpoint.Status.ACTIVE) {
        turnedBack.miss(lane, delivery, channel.contract().whileDisabled(), now);
      } else if (channel.endpoint().hasDropped(delivery)) {
        turnedBack.drop(lane, delivery, now);
      } else if (delivery.isOurs(channel.contract().timeout())) {
        send(lane, waiting, channel, now);
      } else {
        turnedBack.giveBack(lane, delivery, now);
      }
    } catch (RuntimeException e) {
      turnedBack.block(lane, delivery, e.getMessage());
    }
  }

  private void send(Lane lane, Waiting waiting, Channel channel, long nowNanos) {
    Delivery delivery = waiting.delivery();
    Payload body = bodies.body(delivery.event(), channel);
    Instant now = parts.clock.instant();
    Optional<AttemptTrace> trace = parts.traces.begin(channel.endpoint(), delivery);
    List<Header> headers =
        channel.traced(
            channel.signer().headers(delivery.event(), body, delivery.trigger(), now), trace);
    Future<Reply> sent =
        parts.sender.send(channel.target(), headers, body, channel.contract().timeout().toMillis());
    parts.observer.started(delivery, lane.waitedMillis(waiting, now.toEpochMilli(), nowNanos));
    Flight flight =
        new Flight(lane, delivery, channel, now, nowNanos, lane.breaker().isProbing(), trace);
    sent.onComplete(
        reply -> {
          land(flight, reply.result());
          pump();
          if (draining && lanes.inFlight() == 0) {
            landed.ifPresent(Promise::tryComplete);
          }
        });
  }

  private void land(Flight flight, Reply reply) {
    if (abandoned) {
      return;
    }
    Lane lane = flight.lane();
    long now = System.nanoTime();
    lanes.ended(lane, flight.delivery());
    if (draining && isOurFault(reply)) {
      outcomes.park(flight.delivery(), Reason.NODE_STOPPED);
    } else {
      try {
        breakers.learn(lane, flight.startedNanos(), flight.isProbe(), reply);
        finish(flight, reply);
      } catch (RuntimeException e) {
        LOG.error("A reply could not be judged; its delivery is made again", e);
        outcomes.park(flight.delivery(), TurnedBack.BLOCKED_FOR, Reason.UNSENDABLE);
      }
    }
    lanes.changed(lane, now);
  }

  /** Cut off by our own stop, which says nothing about the endpoint and uses up no attempt. */
  private static boolean isOurFault(Reply reply) {
    return reply instanceof Reply.Unanswered unanswered
        && unanswered.reason() == Reply.Reason.INTERNAL;
  }

  private void finish(Flight flight, Reply reply) {
    Delivery delivery = flight.delivery();
    Judge contracts =
        Judge.of(flight.channel(), flight.number(), reply, parts.clock.instant(), random);
    Judge judge = orderPolicy.apply(contracts, delivery, flight.channel(), reply);
    news.tell(flight, judge.outcome(), reply);
    Attempt attempt = flight.ended(judge.outcome(), reply);
    parts.observer.attempted(flight.channel().endpoint(), delivery, attempt);
    flight.trace().ifPresent(trace -> trace.onEnd().accept(attempt));
    if (judge.retry().isEmpty()) {
      outcomes.record(delivery, attempt);
    } else if (destinations.hasDropped(delivery)) {
      outcomes.discard(delivery, attempt);
    } else if (judge.retry().get().inline() && !draining && !flight.lane().breaker().isOpen()) {
      outcomes.record(delivery, attempt);
      lanes.keeps(flight.lane(), delivery);
      retries.add(flight.lane(), delivery.retried(), judge.retry().get().delay().toMillis());
    } else {
      outcomes.defer(delivery, attempt, judge.retry().get());
    }
    if (judge.gone() && isStillThere(flight.channel().endpoint())) {
      parts.onGone.accept(delivery.endpointId());
    }
  }

  /** An endpoint that has moved meanwhile is not gone because its old place is. */
  private boolean isStillThere(Endpoint asked) {
    return parts
        .registry
        .endpoint(asked.id())
        .filter(endpoint -> endpoint.url().equals(asked.url()))
        .isPresent();
  }

  /**
   * Everything that it holds is another node's from now on: nothing more is sent, judged, told or
   * written.
   */
  void abandon() {
    abandoned = true;
    retries.drain();
    parts.recorder.abandon();
  }

  /** Whether it keeps nothing of any endpoint. */
  boolean isEmpty() {
    return lanes.isEmpty() && channels.isEmpty() && destinations.isEmpty();
  }

  /** Bytes of payload in its memory. */
  long heldBytes() {
    return lanes.heldBytes();
  }

  /**
   * Starts nothing more, moves what waits into the table, and lets what is in flight end.
   *
   * @return when nothing is in flight any more
   */
  Future<Void> drain() {
    draining = true;
    lanes.drain(delivery -> outcomes.park(delivery, Reason.NODE_STOPPED));
    retries
        .drain()
        .forEach(held -> outcomes.park(held.delivery(), held.rest(), Reason.NODE_STOPPED));
    if (lanes.inFlight() == 0) {
      return Future.succeededFuture();
    }
    Promise<Void> promise = Promise.promise();
    landed = Optional.of(promise);
    return promise.future();
  }
}
