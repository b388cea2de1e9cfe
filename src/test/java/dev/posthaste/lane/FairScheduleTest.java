package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.lane.FlightBudget.Kinds;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class FairScheduleTest {
  private static final long LATER = 2_000_000_000L;

  private final Map<Long, TenantShare> tenants = new HashMap<>();
  private FlightBudget budget = new FlightBudget(limits(kinds(1_000), kinds(1_000)));
  private FairSchedule schedule = new FairSchedule(budget);
  private long lastEndpoint = 10_000;

  @Test
  void aLongLaneDoesNotKeepShortOnesWaiting() {
    Lane longOne = lane(1, 100, Trigger.LIVE);
    Lane shortOne = lane(2, 2, Trigger.LIVE);
    Lane other = lane(3, 1, Trigger.LIVE);
    consider(longOne, shortOne, other);
    // Lane 1 ends at the four that its limit allows in flight.
    assertThat(startAll()).containsExactly(1L, 2L, 3L, 1L, 2L, 1L, 1L);
  }

  @Test
  void aTenantWithManyLanesDoesNotKeepOneWithFewWaiting() {
    consider(lane(1, 10, 2, Trigger.LIVE), lane(1, 11, 2, Trigger.LIVE));
    consider(lane(1, 12, 2, Trigger.LIVE), lane(2, 20, 2, Trigger.LIVE));
    assertThat(startAll()).containsExactly(10L, 20L, 11L, 20L, 12L, 10L, 11L, 12L);
  }

  @Test
  void aLaneStandsInLineOnceHoweverOftenItIsConsidered() {
    Lane lane = lane(1, 10, Trigger.LIVE);
    lane.allow(0, 1);
    for (int i = 0; i < 5; i++) {
      schedule.consider(lane, 0);
    }
    assertThat(startAll()).containsExactly(1L);
    assertThat(schedule.next(0)).isNull();
    end(lane, Traffic.FIRST);
    assertThat(startAll()).containsExactly(1L);
  }

  @Test
  void aLaneThatIsNoLongerReadyIsPassedOver() {
    Lane emptied = lane(1, 3, Trigger.LIVE);
    Lane other = lane(2, 1, Trigger.LIVE);
    consider(emptied, other);
    emptied.expire(Long.MAX_VALUE, delivery -> {});
    assertThat(schedule.next(0)).isSameAs(other);
    assertThat(schedule.next(0)).isNull();
    emptied.add(LaneTest.live(9), 0);
    schedule.consider(emptied, 0);
    assertThat(schedule.next(0)).isSameAs(emptied);
  }

  @Test
  void neverStartsMoreThanTheWholeAllows() {
    limit(kinds(3), kinds(3));
    Lane one = lane(1, 3, Trigger.LIVE);
    consider(one, lane(2, 3, Trigger.LIVE));
    assertThat(startAll()).hasSize(3);
    end(one, Traffic.FIRST);
    assertThat(startAll()).hasSize(1);
    assertThat(budget.inFlight()).isEqualTo(3);
  }

  @Test
  void aTenantAtItsLimitWaitsForItsOwn() {
    limit(kinds(20), kinds(2));
    Lane greedy = lane(1, 10, 2, Trigger.LIVE);
    consider(greedy, lane(1, 11, 2, Trigger.LIVE), lane(2, 20, 1, Trigger.LIVE));
    assertThat(startAll()).containsExactlyInAnyOrder(10L, 11L, 20L);
    end(greedy, Traffic.FIRST);
    assertThat(startAll()).containsExactly(10L);
  }

  @Test
  void retriesAndReplaysLeaveRoomForFirstAttempts() {
    limit(new Kinds(100, 5, 5, 2, 6), kinds(100));
    Lane again = answering(lane(1, 4, Trigger.RETRY));
    Lane recovered = answering(lane(2, 4, Trigger.RECOVERY));
    Lane replayed = answering(lane(3, 4, Trigger.REPLAY));
    consider(again, recovered, replayed);
    List<Long> started = startAll();
    assertThat(started).hasSize(6);
    assertThat(started.stream().filter(id -> id == 3)).hasSize(2);
    consider(answering(lane(4, 4, Trigger.LIVE)));
    assertThat(startAll()).containsExactly(4L, 4L, 4L, 4L);
    // A place of a retry goes to one that waits for it, without a look at the others.
    end(again, Traffic.AGAIN);
    assertThat(startAll()).hasSize(1).doesNotContain(3L);
    end(replayed, Traffic.REPLAY);
    assertThat(startAll()).hasSize(1);
  }

  @Test
  void slowEndpointsLeaveRoomForFastOnes() {
    limit(new Kinds(20, 4, 20, 20, 20), kinds(20));
    Lane one = hanging(1);
    Lane two = hanging(2);
    consider(one, two);
    assertThat(startAll()).as("the four that are allowed, of both").hasSize(2);
    consider(lane(3, 4, Trigger.LIVE));
    assertThat(startAll()).containsExactly(3L, 3L, 3L, 3L);
    end(one, Traffic.FIRST);
    assertThat(startAll()).hasSize(1).doesNotContain(3L);
  }

  @Test
  void anOldRetryWithoutAPlaceDoesNotHoldUpTheFirstAttemptsOfItsLane() {
    limit(new Kinds(20, 20, 1, 20, 20), kinds(20));
    consider(answering(lane(1, 1, Trigger.RETRY)));
    assertThat(startAll()).containsExactly(1L);
    Lane flooded = answering(lane(2, 1, Trigger.RETRY));
    for (int i = 0; i < 6; i++) {
      flooded.add(LaneTest.live(i), 1);
    }
    flooded.overflows(0);
    flooded.allow(0, 20);
    consider(flooded);
    assertThat(startAll()).as("four at a time").hasSize(4);
    assertThat(flooded.nextTraffic()).isEqualTo(Traffic.FIRST);
  }

  @Test
  void aLaneThatIsSetAsideGoesOnWithItsFirstAttempts() {
    limit(new Kinds(10, 10, 1, 10, 10), kinds(10));
    Lane lane = lane(1, 3, Trigger.RETRY);
    consider(lane);
    assertThat(startAll()).containsExactly(1L);
    lane.add(LaneTest.live(9), 0);
    consider(lane);
    assertThat(startAll()).containsExactly(1L);
    assertThat(lane.size()).isEqualTo(2);
    end(lane, Traffic.AGAIN);
    assertThat(startAll()).containsExactly(1L);
  }

  @Test
  void aLaneThatHasRunEmptyMeanwhileDoesNotUseUpThePlaceOfAnother() {
    limit(new Kinds(10, 10, 1, 10, 10), kinds(10));
    Lane first = lane(1, 1, Trigger.RETRY);
    Lane emptied = lane(2, 1, Trigger.RETRY);
    Lane other = lane(3, 1, Trigger.RETRY);
    consider(first, emptied, other);
    assertThat(startAll()).containsExactly(1L);
    emptied.expire(Long.MAX_VALUE, delivery -> {});
    end(first, Traffic.AGAIN);
    assertThat(startAll()).containsExactly(3L);
  }

  @Test
  void slowEndpointsAndRetriesOfATenantLeaveRoomForItsFastOnesToo() {
    limit(kinds(100), new Kinds(80, 4, 5, 2, 6));
    consider(hanging(1, 1), hanging(1, 2), hanging(1, 3));
    consider(lane(1, 4, 4, Trigger.RETRY), lane(1, 5, 4, Trigger.REPLAY));
    assertThat(startAll()).as("three hang besides").hasSize(3);
    consider(lane(2, 20, 2, Trigger.RETRY));
    assertThat(startAll()).as("another tenant").containsExactly(20L, 20L);
    consider(answering(lane(1, 6, 4, Trigger.LIVE)));
    assertThat(startAll()).containsExactly(6L, 6L, 6L, 6L);
  }

  @Test
  void aPlaceOfItsTenantGoesToALaneThatWaitsForOneAndStillHasSomething() {
    limit(kinds(100), new Kinds(10, 10, 1, 10, 10));
    Lane first = lane(1, 1, 1, Trigger.RETRY);
    Lane emptied = lane(1, 2, 1, Trigger.RETRY);
    consider(first, emptied, lane(1, 3, 1, Trigger.RETRY));
    assertThat(startAll()).containsExactly(1L);
    emptied.expire(Long.MAX_VALUE, delivery -> {});
    end(first, Traffic.AGAIN);
    assertThat(startAll()).containsExactly(3L);
  }

  @Test
  void ofTheLastShareALaneGetsLittle() {
    limit(kinds(100), new Kinds(40, 40, 40, 40, 20));
    Lane one = answering(wideLane(1, 40));
    consider(one);
    assertThat(startAll()).as("all but the last share of its tenant").hasSize(20);
    consider(answering(wideLane(2, 40)));
    assertThat(startAll()).as("half of what it leaves to the rest").hasSize(7);
    end(one, Traffic.FIRST);
    assertThat(startAll()).as("it has nineteen").isEmpty();
  }

  @Test
  void ofTheLastShareALaneThatDoesNotAnswerGetsOne() {
    limit(kinds(100), new Kinds(40, 40, 40, 40, 20));
    consider(wideLane(1, 20));
    assertThat(startAll()).hasSize(20);
    Lane unknown = wideLane(2, 10);
    consider(unknown);
    assertThat(startAll()).containsExactly(2L);
    Lane silent = answering(wideLane(3, 10));
    schedule.consider(silent, 0);
    start(schedule.next(100_000_000), 100_000_000);
    assertThat(schedule.next(100_000_000)).as("it has answered just before").isSameAs(silent);
    schedule.consider(silent, 0);
    assertThat(schedule.next(100_000_001)).isNull();
    Lane idle = answering(wideLane(4, 10));
    schedule.consider(idle, LATER);
    start(schedule.next(LATER), LATER);
    assertThat(schedule.next(LATER)).as("it has just begun").isNull();
  }

  @Test
  void howeverManyNewEndpointsHangFromTheStartThoseThatAreKnownFindRoom() {
    limit(kinds(2_000), new Kinds(1_000, 1_000, 1_000, 1_000, 800));
    List<Lane> fresh = new ArrayList<>();
    for (int endpoint = 1; endpoint <= 1_000; endpoint++) {
      fresh.add(lane(1, endpoint, 60, Trigger.LIVE));
      consider(fresh.getLast());
      startAll();
    }
    assertThat(budget.inFlight()).as("half of the last share is left").isEqualTo(900);
    for (Lane lane : fresh) {
      lane.look(LATER);
      schedule.learnt(lane);
      consider(lane);
    }
    assertThat(startAll()).as("found slow").isEmpty();
    consider(answering(wideLane(2_000, 4)));
    assertThat(startAll()).containsExactly(2_000L, 2_000L, 2_000L, 2_000L);
  }

  @Test
  void newEndpointsHaveAPartHoweverBusyTheOthersAre() {
    limit(kinds(100), new Kinds(44, 44, 44, 44, 20));
    Lane four = lane(1, 1, 4, Trigger.LIVE);
    consider(four);
    assertThat(startAll()).hasSize(4);
    for (int endpoint = 2; endpoint <= 22; endpoint++) {
      consider(answering(lane(1, endpoint, 1, Trigger.LIVE)));
    }
    assertThat(startAll()).hasSize(21);
    for (int endpoint = 100; endpoint < 115; endpoint++) {
      consider(lane(1, endpoint, 1, Trigger.LIVE));
    }
    assertThat(startAll()).as("twelve with the four").hasSize(8);
    answers(four);
    assertThat(startAll()).as("it is known now: its places are those of others").hasSize(4);
    answers(four);
    assertThat(startAll()).isEmpty();
  }

  @Test
  void aPlaceOfWhichThereIsOneGoesRoundAllThatWaitForIt() {
    limit(kinds(100), new Kinds(10, 10, 1, 10, 10));
    assertThat(
            turns(
                8,
                answering(lane(1, 1, 50, Trigger.RETRY)),
                answering(lane(1, 2, 50, Trigger.RETRY)),
                answering(lane(1, 3, 50, Trigger.RETRY))))
        .containsExactly(1L, 2L, 3L, 1L, 2L, 3L, 1L, 2L, 3L);
  }

  @Test
  void tenantsThatTakeAllPlacesOfAKindLeaveThemToAThirdInTurn() {
    limit(new Kinds(10, 10, 2, 10, 10), new Kinds(10, 10, 1, 10, 10));
    Lane[] lanes = new Lane[7];
    for (int i = 0; i < 7; i++) {
      lanes[i] = answering(lane(i / 3, i, 50, Trigger.RETRY));
    }
    assertThat(turns(20, lanes)).contains(0L, 1L, 2L, 3L, 4L, 5L, 6L);
  }

  @Test
  void kindsThatShareABoundHaveTheirTurns() {
    limit(kinds(100), new Kinds(10, 10, 10, 10, 1));
    Lane again = answering(lane(1, 1, 50, Trigger.RETRY));
    Lane slow = hanging(1, 2);
    Lane replayed = answering(lane(1, 3, 50, Trigger.REPLAY));
    end(slow, Traffic.FIRST);
    assertThat(turns(20, again, slow, replayed)).contains(1L, 2L, 3L);
  }

  @Test
  void aNewEndpointHasItsTurnHoweverFewPlacesThereAre() {
    limit(kinds(100), new Kinds(2, 2, 2, 2, 1));
    Lane one = answering(lane(1, 1, 50, Trigger.LIVE));
    Lane two = answering(lane(1, 2, 50, Trigger.LIVE));
    consider(one, two);
    assertThat(startAll()).hasSize(2);
    consider(lane(1, 3, 1, Trigger.LIVE));
    end(one, Traffic.FIRST);
    assertThat(startAll()).containsExactly(1L);
    end(two, Traffic.FIRST);
    assertThat(startAll()).containsExactly(2L);
    end(one, Traffic.FIRST);
    assertThat(startAll()).containsExactly(3L);
  }

  @Test
  void ofThoseThatAnsweredUntilNowAsManyLeaveNothingAsTheLastShareHasPlaces() {
    // The settings as shipped, one of two event loops.
    limit(new Kinds(2_048, 1_024, 1_024, 512, 1_638), new Kinds(1_024, 512, 512, 256, 819));
    hangAtOnce(1, 13);
    hangAtOnce(2, 13);
    assertThat(budget.inFlight()).as("64 each, but no more than this").isEqualTo(1_638);
    hangAtOnce(1, 204);
    assertThat(findRoom(1)).isTrue();
    assertThat(findRoom(1)).isFalse();
    hangAtOnce(2, 204);
    assertThat(findRoom(3)).isTrue();
    assertThat(findRoom(3)).isFalse();
  }

  @Test
  void aProbeDoesNotWaitForWhatStillHangs() {
    limit(new Kinds(6, 6, 6, 6, 3), kinds(6));
    Lane lane = lane(1, 1, 4, Trigger.LIVE);
    consider(lane);
    assertThat(startAll()).as("all but the last share").hasSize(3);
    lane.breaker().failed(0, 0, false);
    lane.breaker().failed(0, 0, false);
    schedule.consider(lane, LATER);
    assertThat(schedule.next(LATER)).isSameAs(lane);
  }

  private void limit(Kinds all, Kinds tenant) {
    budget = new FlightBudget(limits(all, tenant));
    schedule = new FairSchedule(budget);
  }

  private static FlightBudget.Limits limits(Kinds all, Kinds tenant) {
    return new FlightBudget.Limits(all, tenant);
  }

  /** Every kind may take all. */
  private static Kinds kinds(int total) {
    return new Kinds(total, total, total, total, total);
  }

  private void consider(Lane... lanes) {
    for (Lane lane : lanes) {
      schedule.consider(lane, 0);
    }
  }

  private List<Long> startAll() {
    return startAll(0);
  }

  private List<Long> startAll(long now) {
    List<Long> order = new ArrayList<>();
    for (Lane lane = schedule.next(now); lane != null; lane = schedule.next(now)) {
      start(lane, now);
      order.add(lane.endpointId());
    }
    return order;
  }

  private Traffic start(Lane lane, long now) {
    Traffic traffic = Traffic.of(lane.start(now).delivery());
    schedule.started(lane, traffic);
    schedule.consider(lane, now);
    return traffic;
  }

  /** Whose turn it is while so many attempts end, one after the other, the oldest first. */
  private List<Long> turns(int ends, Lane... lanes) {
    consider(lanes);
    Queue<Runnable> underWay = new ArrayDeque<>();
    List<Long> turns = new ArrayList<>();
    for (int i = 0; i <= ends; i++) {
      for (Lane next = schedule.next(0); next != null; next = schedule.next(0)) {
        Lane lane = next;
        Traffic traffic = start(lane, 0);
        underWay.add(() -> end(lane, traffic));
        turns.add(lane.endpointId());
      }
      underWay.remove().run();
    }
    return turns;
  }

  private void end(Lane lane, Traffic traffic) {
    schedule.ended(lane, traffic);
    lane.ended(traffic);
    schedule.consider(lane, 0);
  }

  private void answers(Lane lane) {
    schedule.ended(lane, Traffic.FIRST);
    lane.ended(Traffic.FIRST);
    schedule.consider(answering(lane), 0);
  }

  /** Much comes for endpoints that have long been idle, one after the other, and none answers. */
  private void hangAtOnce(long tenant, int endpoints) {
    for (int i = 0; i < endpoints; i++) {
      schedule.consider(answering(wideLane(tenant, ++lastEndpoint, 64)), LATER);
      startAll(LATER);
    }
  }

  /** Whether one more endpoint, which answered before, gets its delivery. */
  private boolean findRoom(long tenant) {
    schedule.consider(answering(lane(tenant, ++lastEndpoint, 1, Trigger.LIVE)), LATER);
    return startAll(LATER).contains(lastEndpoint);
  }

  /** One in flight, from which nothing has come back for long; three wait. */
  private Lane hanging(long endpoint) {
    return hanging(endpoint, endpoint);
  }

  private Lane hanging(long tenant, long endpoint) {
    Lane lane = lane(tenant, endpoint, 4, Trigger.LIVE);
    schedule.started(lane, Traffic.of(lane.start(0).delivery()));
    lane.look(LATER);
    schedule.learnt(lane);
    return lane;
  }

  private Lane answering(Lane lane) {
    lane.learn(0, 0, false);
    schedule.learnt(lane);
    return lane;
  }

  private Lane lane(long endpoint, int waiting, Trigger trigger) {
    return lane(endpoint, endpoint, waiting, trigger);
  }

  private Lane lane(long tenant, long endpoint, int waiting, Trigger trigger) {
    return lane(tenant, endpoint, waiting, trigger, new AimdLimit(64));
  }

  private Lane wideLane(long endpoint, int waiting) {
    return wideLane(1, endpoint, waiting);
  }

  /** Of an endpoint that has shown that it takes as many at once as wait for it. */
  private Lane wideLane(long tenant, long endpoint, int waiting) {
    AimdLimit limit = new AimdLimit(waiting);
    for (int i = 0; i < waiting; i++) {
      limit.onSuccess(waiting);
    }
    return lane(tenant, endpoint, waiting, Trigger.LIVE, limit);
  }

  private Lane lane(long tenant, long endpoint, int waiting, Trigger trigger, AimdLimit limit) {
    TenantShare share = tenants.computeIfAbsent(tenant, TenantShare::new);
    Lane lane = new Lane(endpoint, share, LaneTest.RULES, limit);
    for (int i = 0; i < waiting; i++) {
      lane.add(LaneTest.delivery(i, trigger), 0);
    }
    return lane;
  }
}
