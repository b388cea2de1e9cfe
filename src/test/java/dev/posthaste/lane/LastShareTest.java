package dev.posthaste.lane;

import static dev.posthaste.lane.ScheduleRig.LATER;
import static dev.posthaste.lane.ScheduleRig.kinds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.lane.FlightBudget.Kinds;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept for first attempts to fast endpoints, and who gets how much of it. */
class LastShareTest {
  private ScheduleRig rig = new ScheduleRig(kinds(1_000), kinds(1_000));
  private long lastEndpoint = 10_000;

  @Test
  void ofTheLastShareALaneGetsLittle() {
    limit(kinds(100), new Kinds(40, 40, 40, 40, 20));
    Lane one = rig.answering(wideLane(1, 40));
    rig.consider(one);
    assertThat(rig.startAll()).as("all but the last share of its tenant").hasSize(20);
    rig.consider(rig.answering(wideLane(2, 40)));
    assertThat(rig.startAll()).as("half of what it leaves to the rest").hasSize(7);
    rig.end(one, Traffic.FIRST);
    assertThat(rig.startAll()).as("it has nineteen").isEmpty();
  }

  @Test
  void ofTheLastShareALaneThatDoesNotAnswerGetsOne() {
    limit(kinds(100), new Kinds(40, 40, 40, 40, 20));
    rig.consider(wideLane(1, 20));
    assertThat(rig.startAll()).hasSize(20);
    Lane unknown = wideLane(2, 10);
    rig.consider(unknown);
    assertThat(rig.startAll()).containsExactly(2L);
    Lane silent = rig.answering(wideLane(3, 10));
    rig.schedule.consider(silent, 0);
    rig.start(rig.schedule.next(100_000_000), 100_000_000);
    assertThat(rig.schedule.next(100_000_000)).as("it has answered just before").isSameAs(silent);
    rig.schedule.consider(silent, 0);
    assertThat(rig.schedule.next(100_000_001)).isNull();
    Lane idle = rig.answering(wideLane(4, 10));
    rig.schedule.consider(idle, LATER);
    rig.start(rig.schedule.next(LATER), LATER);
    assertThat(rig.schedule.next(LATER)).as("it has just begun").isNull();
  }

  @Test
  void howeverManyNewEndpointsHangFromTheStartThoseThatAreKnownFindRoom() {
    limit(kinds(2_000), new Kinds(1_000, 1_000, 1_000, 1_000, 800));
    List<Lane> fresh = new ArrayList<>();
    for (int endpoint = 1; endpoint <= 1_000; endpoint++) {
      fresh.add(lane(1, endpoint, 60, Trigger.LIVE));
      rig.consider(fresh.getLast());
      rig.startAll();
    }
    assertThat(rig.budget.inFlight()).as("half of the last share is left").isEqualTo(900);
    for (Lane lane : fresh) {
      lane.look(LATER);
      rig.schedule.learnt(lane);
      rig.consider(lane);
    }
    assertThat(rig.startAll()).as("found slow").isEmpty();
    rig.consider(rig.answering(wideLane(2_000, 4)));
    assertThat(rig.startAll()).containsExactly(2_000L, 2_000L, 2_000L, 2_000L);
  }

  @Test
  void newEndpointsHaveAPartHoweverBusyTheOthersAre() {
    limit(kinds(100), new Kinds(44, 44, 44, 44, 20));
    Lane four = lane(1, 1, 4, Trigger.LIVE);
    rig.consider(four);
    assertThat(rig.startAll()).hasSize(4);
    for (int endpoint = 2; endpoint <= 22; endpoint++) {
      rig.consider(rig.answering(lane(1, endpoint, 1, Trigger.LIVE)));
    }
    assertThat(rig.startAll()).hasSize(21);
    for (int endpoint = 100; endpoint < 115; endpoint++) {
      rig.consider(lane(1, endpoint, 1, Trigger.LIVE));
    }
    assertThat(rig.startAll()).as("twelve with the four").hasSize(8);
    answers(four);
    assertThat(rig.startAll()).as("it is known now: its places are those of others").hasSize(4);
    answers(four);
    assertThat(rig.startAll()).isEmpty();
  }

  @Test
  void aNewEndpointHasItsTurnHoweverFewPlacesThereAre() {
    limit(kinds(100), new Kinds(2, 2, 2, 2, 1));
    Lane one = rig.answering(lane(1, 1, 50, Trigger.LIVE));
    Lane two = rig.answering(lane(1, 2, 50, Trigger.LIVE));
    rig.consider(one, two);
    assertThat(rig.startAll()).hasSize(2);
    rig.consider(lane(1, 3, 1, Trigger.LIVE));
    rig.end(one, Traffic.FIRST);
    assertThat(rig.startAll()).containsExactly(1L);
    rig.end(two, Traffic.FIRST);
    assertThat(rig.startAll()).containsExactly(2L);
    rig.end(one, Traffic.FIRST);
    assertThat(rig.startAll()).containsExactly(3L);
  }

  @Test
  void ofThoseThatAnsweredUntilNowAsManyLeaveNothingAsTheLastShareHasPlaces() {
    // The settings as shipped, one of two event loops.
    limit(new Kinds(2_048, 1_024, 1_024, 512, 1_638), new Kinds(1_024, 512, 512, 256, 819));
    hangAtOnce(1, 13);
    hangAtOnce(2, 13);
    assertThat(rig.budget.inFlight()).as("64 each, but no more than this").isEqualTo(1_638);
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
    rig.consider(lane);
    assertThat(rig.startAll()).as("all but the last share").hasSize(3);
    lane.breaker().failed(0, 0, false);
    lane.breaker().failed(0, 0, false);
    rig.schedule.consider(lane, LATER);
    assertThat(rig.schedule.next(LATER)).isSameAs(lane);
  }

  private void limit(Kinds all, Kinds tenant) {
    rig = new ScheduleRig(all, tenant);
  }

  private void answers(Lane lane) {
    rig.land(rig.underWay.indexOf(new ScheduleRig.Flying(lane, Traffic.FIRST)));
    rig.consider(rig.answering(lane));
  }

  /** Much comes for endpoints that have long been idle, one after the other, and none answers. */
  private void hangAtOnce(long tenant, int endpoints) {
    for (int i = 0; i < endpoints; i++) {
      rig.schedule.consider(rig.answering(rig.wideLane(tenant, ++lastEndpoint, 64)), LATER);
      rig.startAll(LATER);
    }
  }

  /** Whether one more endpoint, which answered before, gets its delivery. */
  private boolean findRoom(long tenant) {
    Lane lane = rig.answering(rig.lane(tenant, ++lastEndpoint, 1, Trigger.LIVE));
    rig.schedule.consider(lane, LATER);
    return rig.startAll(LATER).contains(lastEndpoint);
  }

  private Lane wideLane(long endpoint, int waiting) {
    return rig.wideLane(1, endpoint, waiting);
  }

  private Lane lane(long tenant, long endpoint, int waiting, Trigger trigger) {
    return rig.lane(tenant, endpoint, waiting, trigger);
  }
}
