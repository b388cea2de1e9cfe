package dev.posthaste.dispatch;

import dev.posthaste.contract.Contracts;
import dev.posthaste.registry.Registry;
import dev.posthaste.send.Sender;
import dev.posthaste.settings.BreakerSettings;
import dev.posthaste.settings.DeliverySettings;
import dev.posthaste.settings.DirectSettings;
import dev.posthaste.settings.FairnessSettings;
import dev.posthaste.store.OutcomeLog;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.LongConsumer;

/** The lanes of one event loop, from their start to their orderly end. */
public final class DispatchVerticle extends VerticleBase {
  private static final long SWEEP_MILLIS = 500;

  /** However short the grace, the database gets time to take what is left. */
  private static final long MIN_FLUSH_MILLIS = 2_000;

  private final int index;
  private final Shared shared;
  private Sender sender;
  private OutcomeRecorder recorder;
  private Dispatcher dispatcher;
  private long sweepTimer;

  /**
   * @param index which of the loops this is, from 0
   */
  public DispatchVerticle(int index, Shared shared) {
    this.index = index;
    this.shared = shared;
  }

  /**
   * What the dispatchers of all loops share.
   *
   * @param claimInterval pause between two looks into the table
   * @param loops how many there are: node-wide limits are divided by it
   * @param onReleased told the endpoints of claimed deliveries that have left this node
   * @param onGone told the id of an endpoint that answered 410
   * @param observers makes the one of each loop, on that loop
   * @param liveNodes how many nodes share the rate limits of endpoints; at least 1
   * @param lost whether the node was taken over, so that what it holds is another's
   * @param traces for all loops
   * @param rooms where lanes that have overflowed say what they take back
   */
  public record Shared(
      DeliverySettings settings,
      FairnessSettings fairness,
      BreakerSettings breaker,
      DirectSettings direct,
      Duration claimInterval,
      boolean httpAllowed,
      int loops,
      Registry registry,
      Contracts contracts,
      Function<Vertx, Sender> senders,
      Function<Vertx, OutcomeLog> logs,
      DispatchRouter router,
      Consumer<List<Long>> onReleased,
      LongConsumer onGone,
      Function<Vertx, DispatchObserver> observers,
      IntSupplier liveNodes,
      BooleanSupplier lost,
      AttemptTraces traces,
      LaneRooms rooms,
      Clock clock) {}

  @Override
  public Future<?> start() {
    DeliverySettings settings = shared.settings;
    sender = shared.senders.apply(vertx);
    recorder =
        new OutcomeRecorder(
            vertx,
            shared.logs.apply(vertx),
            settings.outcomeFlushWait().toMillis(),
            share(settings.outcomeBufferLimit()),
            shared.onReleased);
    dispatcher = new Dispatcher(vertx, parts(), limits());
    shared.router.open(index, context, dispatcher::accept);
    sweepTimer = vertx.setPeriodic(SWEEP_MILLIS, timer -> dispatcher.sweep());
    return Future.succeededFuture();
  }

  private Dispatcher.Parts parts() {
    return new Dispatcher.Parts(
        shared.registry,
        shared.contracts,
        sender,
        recorder,
        shared.onGone,
        shared.observers.apply(vertx),
        shared.liveNodes,
        shared.traces,
        shared.direct,
        shared.rooms,
        shared.httpAllowed,
        shared.clock);
  }

  private LaneLimits limits() {
    return LaneLimits.of(shared);
  }

  private int share(int ofNode) {
    return Math.max(1, ofNode / shared.loops);
  }

  /** Looks at the dispatcher on its loop. */
  <T> Future<T> look(Function<Dispatcher, T> at) {
    Promise<T> seen = Promise.promise();
    context.runOnContext(v -> seen.complete(at.apply(dispatcher)));
    return seen.future();
  }

  /**
   * Lets what is in flight end within the grace, writes the rest to the table, and returns when all
   * of it is committed, or when the grace is over for a second time. A node that was taken over
   * cuts off what is in flight and writes nothing.
   */
  @Override
  public Future<?> stop() {
    long grace = shared.settings.drainGrace().toMillis();
    vertx.cancelTimer(sweepTimer);
    if (shared.lost.getAsBoolean()) {
      dispatcher.abandon();
      return sender.close().eventually(() -> recorder.close()).otherwiseEmpty();
    }
    return within(grace, dispatcher.drain())
        .eventually(() -> sender.close())
        .eventually(() -> within(Math.max(grace, MIN_FLUSH_MILLIS), recorder.flush()))
        .eventually(() -> recorder.close())
        .otherwiseEmpty();
  }

  /** Unlike {@link Future#timeout} it goes on on this event loop, to which everything belongs. */
  private Future<Void> within(long millis, Future<Void> work) {
    Promise<Void> promise = Promise.promise();
    long timer = vertx.setTimer(Math.max(1, millis), id -> promise.tryFail("the grace is over"));
    work.onComplete(
        done -> {
          vertx.cancelTimer(timer);
          promise.tryComplete();
        });
    return promise.future();
  }
}
