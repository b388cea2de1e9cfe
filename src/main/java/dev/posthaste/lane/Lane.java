package dev.posthaste.lane;

import dev.posthaste.event.Deferral.Reason;
import dev.posthaste.event.Delivery;
import java.util.Comparator;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The deliveries that wait in memory for one endpoint, how many of them are in flight, and what was
 * learnt of the endpoint. What it refuses, and what waits too long, the caller defers; from then on
 * the lane overflows, and keeps a part of its room for what waits in the table, until nothing is
 * left there.
 */
public final class Lane {
  /** One start in so many takes what has waited longest. */
  private static final int OLDEST_SHARE = 4;

  /** Whoever has waited longest for a turn first; only of lanes that do. */
  static final Comparator<Lane> BY_TURN = Comparator.comparingLong(lane -> lane.turn);

  private static final long NANOS_PER_MILLI = 1_000_000L;

  private final long endpointId;
  private final TenantShare tenant;
  private final Rules rules;
  private final ConcurrencyLimit limit;
  private final Breaker breaker;
  private final Pacer pacer = new Pacer();
  private final Speed speed = new Speed();

  private final WaitingLines waiting = new WaitingLines();

  private Overflow overflow;
  private int startedByRank;
  private int inFlight;
  private int firstInFlight;
  private boolean known;
  private boolean slow;
  private long intervalNanos;
  private long idleSinceNanos;
  private long openSinceNanos;

  private boolean scheduled;
  private Set<Lane> asideAmong;
  private long turn;
  private boolean awaited;

  long bytes;
  LaneList list;
  Lane previous;
  Lane next;

  public Lane(long endpointId, TenantShare tenant, Rules rules, ConcurrencyLimit limit) {
    this.endpointId = endpointId;
    this.tenant = tenant;
    this.rules = rules;
    this.limit = limit;
    this.breaker = new Breaker(rules.breaker);
  }

  /**
   * What all lanes have in common.
   *
   * @param capacity deliveries that may wait
   * @param holdNanos the longest that one of them may
   * @param slowNanos an endpoint whose attempts take longer is slow
   * @param forsakenNanos for so long a place that is the table's waits for what comes from there;
   *     longer than a look there may be away
   */
  public record Rules(
      int capacity, long holdNanos, long slowNanos, long forsakenNanos, Breaker.Rules breaker) {}

  public long endpointId() {
    return endpointId;
  }

  public TenantShare tenant() {
    return tenant;
  }

  /** How many wait. */
  public int size() {
    return waiting.size();
  }

  public int inFlight() {
    return inFlight;
  }

  int firstInFlight() {
    return firstInFlight;
  }

  /** Why the lane does not take a delivery; empty if it does. */
  public Optional<Reason> refusal(Delivery delivery, long nowNanos) {
    if (breaker.isOpen()) {
      return waiting.size() == 0 && breaker.admits(nowNanos)
          ? Optional.empty()
          : Optional.of(Reason.BREAKER_OPEN);
    }
    return hasPlace(delivery) || isForsaken(nowNanos)
        ? Optional.empty()
        : Optional.of(Reason.LANE_FULL);
  }

  /**
   * What goes after it leaves its place to it: a recovery may keep a lane as full as it gets, and
   * what comes directly must not have to wait behind it in the table.
   */
  private boolean hasPlace(Delivery delivery) {
    return waiting.size() < rules.capacity
        && (delivery.deferred() || waiting.before(Traffic.of(delivery)) < roomForNew());
  }

  /** Whether one could go, and nothing has come from the table: it may be unable to, or empty. */
  private boolean isForsaken(long nowNanos) {
    return waiting.size() == 0
        && inFlight < limit.current()
        && pacer.isUnusedFor(rules.forsakenNanos, nowNanos);
  }

  private int roomForNew() {
    return overflow == null ? rules.capacity : overflow.roomForNew(pacedInTime());
  }

  /** How many its pace lets go within half of the time that one may wait. */
  private int pacedInTime() {
    return pacer.sendsWithin(rules.holdNanos / 2);
  }

  /** Lets a delivery wait that is not refused. */
  public void add(Delivery delivery, long nowMillis) {
    waiting.add(new Waiting(delivery, nowMillis));
  }

  /**
   * What the endpoint allows has changed.
   *
   * @param nanos between two attempts, from all nodes together; 0 for no pace
   * @param ceiling of its concurrency
   */
  public void allow(long nanos, int ceiling) {
    intervalNanos = nanos;
    limit.ceiling(ceiling);
  }

  /** So many nodes share the pace of the endpoint; to be said again after {@link #allow}. */
  public void paceFor(int nodes) {
    pacer.interval(intervalNanos * nodes);
  }

  /** Whether a delivery waits that may go now, as far as this endpoint is concerned. */
  public boolean isReady(long nowNanos) {
    return hasRoom(nowNanos) && pacer.waitNanos(nowNanos) == 0;
  }

  /** How long until the pace lets a waiting delivery go; 0 if it is not the pace that holds it. */
  public long paceNanos(long nowNanos) {
    return hasRoom(nowNanos) ? pacer.waitNanos(nowNanos) : 0;
  }

  /** What is still in flight from before the breaker opened does not hold up a probe. */
  private boolean hasRoom(long nowNanos) {
    return waiting.size() > 0
        && (breaker.isOpen() ? breaker.admits(nowNanos) : inFlight < limit.current());
  }

  /** What kind the next delivery is; only when one waits. */
  Traffic nextTraffic() {
    return isTurnOfOldest() ? waiting.oldest() : waiting.first();
  }

  /**
   * Whether the next delivery is the one that has waited longest, and not the first by rank. A busy
   * lane may always have a first attempt, and retries would come from the table only to wait here
   * in vain until they go back there. Where the bound of all retries is reached, that is so still.
   */
  boolean isTurnOfOldest() {
    return startedByRank >= OLDEST_SHARE - 1;
  }

  /** There is no place for the oldest delivery: the first one by rank need not wait for one. */
  void goByRank() {
    startedByRank = 0;
  }

  /** Takes the next delivery into flight. Only when {@link #isReady}. */
  public Waiting start(long nowNanos) {
    Waiting started = waiting.remove(nextTraffic());
    startedByRank = isTurnOfOldest() ? 0 : startedByRank + 1;
    if (inFlight == 0) {
      speed.begins(nowNanos);
    }
    inFlight++;
    if (Traffic.of(started.delivery()) == Traffic.FIRST) {
      firstInFlight++;
    }
    pacer.take(nowNanos);
    breaker.started();
    if (overflow != null) {
      overflow.started(waiting.size() == 0, nowNanos);
    }
    return started;
  }

  /**
   * How long a delivery that has just been started had to wait for its turn: since it was due, in
   * the table too, but not for what it waited there because nothing could go to its endpoint at
   * all.
   */
  public long waitedMillis(Waiting started, long nowMillis, long nowNanos) {
    long inLane = Math.max(0, nowMillis - started.sinceMillis());
    OptionalLong due = started.delivery().dueNanos();
    return due.isEmpty() || breaker.isOpen()
        ? inLane
        : Math.max(inLane, (nowNanos - later(due.getAsLong(), openSinceNanos)) / NANOS_PER_MILLI);
  }

  /** A delivery has left the flight; what that says about the endpoint comes apart. */
  public void ended(Traffic traffic) {
    inFlight--;
    if (traffic == Traffic.FIRST) {
      firstInFlight--;
    }
  }

  /**
   * An attempt has told something about the endpoint; after {@link #ended}.
   *
   * @param startedNanos when it began
   * @param overloaded whether it said: too much
   */
  public void learn(long startedNanos, long nowNanos, boolean overloaded) {
    speed.ended(nowNanos - startedNanos, nowNanos);
    if (overloaded) {
      limit.onOverload(startedNanos, nowNanos);
    } else {
      limit.onSuccess(inFlight + 1);
    }
  }

  /** The breaker of the endpoint. After it has closed, the lane is to {@link #restart}. */
  public Breaker breaker() {
    return breaker;
  }

  /** Begins slowly after a break. */
  public void restart(long nowNanos) {
    openSince(nowNanos);
    limit.restart();
    breaker.succeeded();
    if (overflow != null) {
      overflow.restart(nowNanos);
    }
  }

  /** Whether anything has ever come back from its endpoint. */
  boolean isKnown() {
    return known;
  }

  /** From then on its endpoint could be sent to, as far as is known here. */
  public void openSince(long nanos) {
    openSinceNanos = nanos;
  }

  boolean isSlow() {
    return slow;
  }

  /** Whether its endpoint has answered something lately; only while something is in flight. */
  boolean isAnswering(long nowNanos) {
    return speed.isAnswering(nowNanos);
  }

  /** To be asked now and then: an endpoint that hangs tells nothing by itself. */
  public void look(long nowNanos) {
    if (inFlight > 0) {
      speed.look(nowNanos, rules.slowNanos);
    }
  }

  /** True if it has become known. */
  boolean refreshKnown() {
    boolean was = known;
    known = speed.isKnown();
    return known != was;
  }

  /** True if it has become slow or fast. */
  boolean refreshSlow() {
    boolean was = slow;
    slow = speed.isSlow(rules.slowNanos);
    return slow != was;
  }

  /** Hands out everything that waits since before a time; says how many. */
  public int expire(long beforeMillis, Consumer<Delivery> expired) {
    return waiting.expire(beforeMillis, expired);
  }

  /** Since when the one waits that has waited longest; {@link Long#MAX_VALUE} if none does. */
  public long oldestMillis() {
    return waiting.oldestMillis();
  }

  /** Something went to the table because of what this lane holds; false if that was so before. */
  public boolean overflows(long nowNanos) {
    if (overflow != null) {
      return false;
    }
    overflow = new Overflow(rules.capacity / 2, rules.holdNanos, nowNanos);
    return true;
  }

  public boolean isOverflowing() {
    return overflow != null;
  }

  /** Some have waited too long: fewer may wait from now on. Only while it overflows. */
  public void tooSlow(long nowNanos) {
    overflow.expired(nowNanos);
  }

  /** Takes nothing back from the table before a time. Only while it overflows. */
  public void closeUntil(long nanos) {
    overflow.closeUntil(nanos);
  }

  /**
   * The table has nothing more for this lane: true if new deliveries may come in directly again.
   */
  public boolean endOverflow() {
    if (breaker.isOpen() || waiting.size() > rules.capacity / 2) {
      return false;
    }
    overflow = null;
    return true;
  }

  /** How many it takes back from the table from {@link #opensNanos} on. Only while it overflows. */
  public int room() {
    if (breaker.isOpen()) {
      return waiting.size() == 0 && !breaker.isProbing() ? 1 : 0;
    }
    return overflow.room(pacedInTime(), waiting.before(Traffic.AGAIN), waiting.size());
  }

  /** When it takes something back: at the next probe, or close to when its pace lets one go. */
  public long opensNanos(long nowNanos) {
    long opens = overflow.closedUntilNanos();
    if (breaker.isOpen()) {
      opens = later(opens, breaker.probeAtNanos());
    }
    return later(opens, nowNanos + pacer.waitNanos(nowNanos) - rules.holdNanos / 2);
  }

  private static long later(long one, long other) {
    return one - other > 0 ? one : other;
  }

  /** Nothing waits and nothing is in flight since then. */
  public void idleSince(long nanos) {
    idleSinceNanos = nanos;
  }

  public boolean isIdleFor(long nanos, long nowNanos) {
    return nowNanos - idleSinceNanos > nanos;
  }

  /** Whether it may be forgotten: long idle, and nothing of it is known that matters. */
  public boolean isForgettable(long idleNanos, long nowNanos) {
    return isIdleFor(idleNanos, nowNanos)
        && pacer.waitNanos(nowNanos) == 0
        && overflow == null
        && !breaker.isOpen()
        && isUnattended();
  }

  /** Whether nobody comes back to it by himself: neither the schedule nor a timer. */
  public boolean isUnattended() {
    return !scheduled && !awaited;
  }

  /** Whether somebody has promised to come back when the pace lets the lane go on. */
  public boolean isAwaited() {
    return awaited;
  }

  public void awaited(boolean value) {
    awaited = value;
  }

  boolean isScheduled() {
    return scheduled;
  }

  void scheduled(boolean value) {
    scheduled = value;
  }

  /** Its number among those that wait for a turn; 0 if it does not. Not to change while aside. */
  long turn() {
    return turn;
  }

  void turn(long number) {
    turn = number;
  }

  /** Those with which the schedule has set it aside; null if it has not. */
  Set<Lane> asideAmong() {
    return asideAmong;
  }

  void asideAmong(Set<Lane> lanes) {
    asideAmong = lanes;
  }
}
