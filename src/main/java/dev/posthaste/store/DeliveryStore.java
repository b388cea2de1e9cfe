package dev.posthaste.store;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.store.Candidates.Candidate;
import dev.posthaste.store.Candidates.Source;
import dev.posthaste.store.DeliveryRecord.AttemptRecord;
import dev.posthaste.store.DeliveryRecord.State;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Reads what became of deliveries. There is no row per delivery: it is a target of an event, with
 * its attempts and the deferred row it may have. For any event loop.
 */
public final class DeliveryStore {
  /** $1 tenant, $2 event, $3 endpoint. */
  private static final String TYPE =
      """
      SELECT e.type, e.direct_url FROM event e
      WHERE e.tenant_id = $1 AND e.id = $2 AND ($3 = ANY (e.targets) OR EXISTS (
        SELECT 1 FROM added_target WHERE event_id = $2 AND endpoint_id = $3))
      """;

  private static final String ATTEMPTS =
      """
      SELECT a.* FROM event e JOIN attempt a ON a.event_id = e.id
      WHERE e.tenant_id = $1 AND e.id = $2 AND a.event_id = $2 AND a.endpoint_id = $3
      ORDER BY a.attempt_no
      """;

  /** Candidates whose state is looked up at a time: most pages are full after the first ones. */
  private static final int CHUNK = 500;

  /** For so long a page that is not full is looked for: most filters find something soon. */
  private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private static final int HIGHEST_OF_SUCCESS = 299;

  private final Database database;
  private final Candidates candidates;
  private final DeliveryStates states;

  public DeliveryStore(Database database) {
    this.database = database;
    this.candidates = new Candidates(database);
    this.states = new DeliveryStates(database);
  }

  /** By event and then by endpoint. */
  public Future<Looked<DeliveryRecord, DeliveryId>> list(
      long tenantId, Filter filter, Window window) {
    if (!filter.isOfWaiting() || window.oldestFirst()) {
      return new Search(tenantId, filter, Source.of(filter)).go(window, List.of());
    }
    return candidates.settledBelow().compose(settled -> waiting(tenantId, filter, window, settled));
  }

  /** What is recent may be in memory only; below that whatever waits has a row. */
  private Future<Looked<DeliveryRecord, DeliveryId>> waiting(
      long tenantId, Filter filter, Window window, long settledBelow) {
    return new Search(tenantId, filter, Source.of(filter))
        .go(window.from(settledBelow), List.of())
        .compose(
            recent ->
                recent.stoppedAt().isPresent()
                    ? Future.succeededFuture(recent)
                    : new Search(tenantId, filter, Source.WAITING)
                        .go(window.below(settledBelow), recent.rows()));
  }

  /** Looks until the page is full, the list ends, or it has taken long enough. */
  private final class Search {
    private final long tenantId;
    private final Filter filter;
    private final Source source;
    private final long sinceNanos = System.nanoTime();

    Search(long tenantId, Filter filter, Source source) {
      this.tenantId = tenantId;
      this.filter = filter;
      this.source = source;
    }

    Future<Looked<DeliveryRecord, DeliveryId>> go(Window window, List<DeliveryRecord> before) {
      return candidates
          .find(tenantId, filter, window, source)
          .compose(found -> collect(found, filter, window.limit(), 0, before))
          .compose(
              found ->
                  found.rows().size() >= window.limit()
                          || found.stoppedAt().isEmpty()
                          || System.nanoTime() - sinceNanos > PATIENCE_NANOS
                      ? Future.succeededFuture(found)
                      : go(window.after(found.stoppedAt().get()), found.rows()));
    }
  }

  private Future<Looked<DeliveryRecord, DeliveryId>> collect(
      Looked<Candidate, DeliveryId> found,
      Filter filter,
      int limit,
      int from,
      List<DeliveryRecord> before) {
    if (before.size() > limit) {
      List<DeliveryRecord> page = before.subList(0, limit);
      return Future.succeededFuture(new Looked<>(page, Optional.of(page.getLast().id())));
    }
    if (from >= found.rows().size()) {
      return Future.succeededFuture(new Looked<>(before, found.stoppedAt()));
    }
    int to = Math.min(from + CHUNK, found.rows().size());
    return states
        .of(found.rows().subList(from, to))
        .compose(
            records -> {
              List<DeliveryRecord> all = new ArrayList<>(before);
              records.stream().filter(filter::admits).forEach(all::add);
              return collect(found, filter, limit, to, all);
            });
  }

  /** The delivery, unless it is another tenant's, past its retention, or was never there. */
  public Future<Optional<DeliveryRecord>> find(long tenantId, DeliveryId id) {
    return find(database.pool(), tenantId, id);
  }

  /** The same, as the unit sees it. */
  public Future<Optional<DeliveryRecord>> find(Unit unit, long tenantId, DeliveryId id) {
    return find(unit.connection(), tenantId, id);
  }

  private Future<Optional<DeliveryRecord>> find(SqlClient client, long tenantId, DeliveryId id) {
    return client
        .preparedQuery(TYPE)
        .execute(Tuple.of(tenantId, id.eventId(), id.endpointId()))
        .map(rows -> rows.stream().map(row -> Candidates.candidate(id, row)).toList())
        .compose(found -> states.of(client, found))
        .map(found -> found.stream().findFirst());
  }

  /** All attempts of a delivery, the first one first. */
  public Future<List<AttemptRecord>> attempts(long tenantId, DeliveryId id) {
    return database
        .pool()
        .preparedQuery(ATTEMPTS)
        .execute(Tuple.of(tenantId, id.eventId(), id.endpointId()))
        .map(found -> found.stream().map(AttemptRows::attempt).toList());
  }

  /**
   * Which deliveries.
   *
   * @param httpStatus what the last attempt was answered with
   */
  public record Filter(
      Optional<Long> endpointId,
      Optional<String> eventType,
      Optional<State> state,
      Optional<Integer> httpStatus) {
    /** All of them. */
    public static final Filter NONE =
        new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    boolean isNone() {
      return equals(NONE);
    }

    boolean asksHowItStands() {
      return state.isPresent() || httpStatus.isPresent();
    }

    boolean isOfWaiting() {
      return state.filter(State.PENDING::equals).isPresent();
    }

    /** Whether all that it admits had an attempt that did not go well. */
    boolean isOfTrouble() {
      return state.filter(State.FAILED::equals).isPresent()
          || httpStatus.filter(status -> status > HIGHEST_OF_SUCCESS).isPresent();
    }

    boolean admits(DeliveryRecord delivery) {
      return state.filter(wanted -> wanted != delivery.state()).isEmpty()
          && (httpStatus.isEmpty()
              || httpStatus.equals(delivery.last().flatMap(AttemptRecord::httpStatus)));
    }
  }

  /**
   * Which part of the list.
   *
   * @param lowestEvent included, like the highest
   * @param from where the page before ended; {@link #TOP} or {@link #BOTTOM} at the first
   */
  public record Window(
      long lowestEvent, long highestEvent, DeliveryId from, boolean oldestFirst, int limit) {
    /** Above every delivery. */
    public static final DeliveryId TOP = new DeliveryId(Long.MAX_VALUE, Long.MAX_VALUE);

    /** Below every delivery. */
    public static final DeliveryId BOTTOM = new DeliveryId(0, 0);

    /** Cuts off what the place before has passed: events are found by their range. */
    public Window {
      lowestEvent = oldestFirst ? Math.max(lowestEvent, from.eventId()) : lowestEvent;
      highestEvent = oldestFirst ? highestEvent : Math.min(highestEvent, from.eventId());
    }

    Window after(DeliveryId place) {
      return new Window(lowestEvent, highestEvent, place, oldestFirst, limit);
    }

    Window from(long event) {
      return new Window(Math.max(lowestEvent, event), highestEvent, from, oldestFirst, limit);
    }

    Window below(long event) {
      return new Window(lowestEvent, Math.min(highestEvent, event - 1), from, oldestFirst, limit);
    }

    /** The newest first. */
    public static Window downFrom(DeliveryId from, long lowestEvent, long highestEvent, int limit) {
      return new Window(lowestEvent, highestEvent, from, false, limit);
    }

    /** The deliveries of one event. */
    public static Window ofEvent(long eventId, int limit) {
      return downFrom(TOP, eventId, eventId, limit);
    }
  }
}
