package dev.posthaste.alert;

import dev.posthaste.contract.Contracts;
import dev.posthaste.contract.MissedPolicy;
import dev.posthaste.dispatch.DispatchObserver;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.AlertSettings;
import dev.posthaste.store.BacklogStore;
import dev.posthaste.store.Database;
import dev.posthaste.store.EndpointStore;
import dev.posthaste.store.HealthStore;
import dev.posthaste.store.HealthStore.Change;
import dev.posthaste.store.HealthStore.Standing;
import dev.posthaste.store.OwnEvents;
import dev.posthaste.store.Sealer;
import io.vertx.core.Deployable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What watches over the endpoints of one node, put together. Its parts are used on the event loops
 * that they say.
 */
public final class Alerts {
  /** The uid of the tenant whose endpoints get the events for operators. */
  public static final String TENANT = "operations";

  private static final Duration LONGEST_BACKLOG_PAUSE = Duration.ofMinutes(1);

  /** A look counts every ordered delivery that waits. */
  private static final Duration SHORTEST_BACKLOG_PAUSE = Duration.ofSeconds(10);

  private final Parts parts;
  private final AlertEvents events;
  private final EndpointStore endpoints;
  private final Disabler disabler;
  private final FailingEndpoints failing = new FailingEndpoints();
  private final List<HealthObserver> healths = new CopyOnWriteArrayList<>();
  private final List<ExhaustedObserver> exhausted = new CopyOnWriteArrayList<>();

  public Alerts(Parts parts) {
    this.parts = parts;
    this.events = new AlertEvents(parts.registry, parts.clock);
    ContractOf contractOf = new ContractOf(parts.registry, parts.contracts);
    this.endpoints =
        new EndpointStore(
            parts.database,
            parts.sealer,
            new EndpointNews(events, contractOf, parts.clock),
            parts.own,
            endpoint -> contractOf.whileDisabled(endpoint) == MissedPolicy.DROPPED);
    this.disabler = new Disabler(endpoints, parts.refreshRegistry);
  }

  /**
   * What it works with.
   *
   * @param node its number
   * @param own what appends events on it
   * @param heartbeat the pause between two reports
   * @param refreshRegistry reads into the registry what has changed
   */
  public record Parts(
      Database database,
      Sealer sealer,
      int node,
      OwnEvents own,
      Registry registry,
      Contracts contracts,
      AlertSettings settings,
      Duration heartbeat,
      Supplier<Future<Void>> refreshRegistry,
      Clock clock) {}

  /** Endpoints whose changes are told. For any event loop. */
  public EndpointStore endpoints() {
    return endpoints;
  }

  /** Disables an endpoint that answered 410. On any event loop. */
  public void gone(long endpointId) {
    disabler.gone(endpointId);
  }

  /** The observer of the event loop that it is called on. */
  public DispatchObserver observer(Vertx loop) {
    HealthObserver health = new HealthObserver(loop, failing);
    ExhaustedObserver over = new ExhaustedObserver(loop, events, exhaustedOfRound());
    healths.add(health);
    exhausted.add(over);
    return health.and(over);
  }

  private int exhaustedOfRound() {
    return (int)
        (parts.settings.exhaustedPerSecond() * Math.ceilDiv(parts.heartbeat.toMillis(), 1_000L));
  }

  /** Makes the rounds; to be deployed before the dispatchers and stopped after them. */
  public Deployable verticle() {
    HealthStore store = new HealthStore(parts.database, parts.own);
    HealthReport health = healthReport(store);
    MissedReport missed =
        new MissedReport(store, parts.registry, new ContractOf(parts.registry, parts.contracts));
    ExhaustedReport over =
        new ExhaustedReport(
            store,
            events,
            parts.settings.exhaustedPerSecond(),
            exhaustedOfRound(),
            () -> all(exhausted, ExhaustedObserver::take));
    BacklogReport backlog = backlogReport(store);
    return new AlertVerticle(
        parts.heartbeat,
        () -> Future.join(health.round(), missed.round(), over.round()).mapEmpty(),
        backlogPause(parts.settings.backlogAge()),
        backlog::round);
  }

  /** Who wants to know within seconds must not wait for the end of a minute. */
  static Duration backlogPause(Duration age) {
    Duration atMost = age.compareTo(LONGEST_BACKLOG_PAUSE) < 0 ? age : LONGEST_BACKLOG_PAUSE;
    return atMost.compareTo(SHORTEST_BACKLOG_PAUSE) > 0 ? atMost : SHORTEST_BACKLOG_PAUSE;
  }

  private HealthReport healthReport(HealthStore store) {
    return new HealthReport(
        store,
        parts.registry,
        failing,
        new Verdicts(parts, store, events, disabler),
        new HealthReport.Loops() {
          @Override
          public Future<List<Map<Long, Change>>> take() {
            return all(healths, HealthObserver::take);
          }

          @Override
          public void recall(List<Standing> standings) {
            healths.forEach(loop -> loop.recall(standings));
          }
        });
  }

  private BacklogReport backlogReport(HealthStore store) {
    return new BacklogReport(
        new BacklogStore(parts.database, parts.node),
        store,
        parts.registry,
        events,
        parts.settings.backlogAge());
  }

  private static <O, T> Future<List<T>> all(List<O> loops, Function<O, Future<T>> take) {
    List<Future<T>> answers = loops.stream().map(take).toList();
    return Future.all(answers).map(done -> answers.stream().map(Future::result).toList());
  }
}
