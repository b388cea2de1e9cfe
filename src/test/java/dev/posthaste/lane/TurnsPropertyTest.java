package dev.posthaste.lane;

import static dev.posthaste.lane.ScheduleRig.LATER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.lane.FlightBudget.Kinds;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Lanes that always have something to send, of a few tenants, under all kinds of bounds. */
class TurnsPropertyTest {
  private static final Trigger[] TRIGGERS = {Trigger.LIVE, Trigger.RETRY, Trigger.REPLAY};
  private static final int TENANTS = 3;
  private static final int MOST_LANES = 12;
  private static final int ENDS = 1_500;
  private static final int WIDE = 1_000;

  /** The bound that is reached. A lane that waits for two at once is not sure of its turn. */
  private enum Narrow {
    SLOW,
    AGAIN,
    REPLAYS,
    OTHERS
  }

  private static Kinds kinds(Narrow narrow, Random random) {
    return new Kinds(
        WIDE,
        few(narrow == Narrow.SLOW, random),
        few(narrow == Narrow.AGAIN, random),
        few(narrow == Narrow.REPLAYS, random),
        few(narrow == Narrow.OTHERS, random));
  }

  private static int few(boolean isNarrow, Random random) {
    return isNarrow ? 1 + random.nextInt(4) : WIDE;
  }

  @Property(tries = 500, shrinking = ShrinkingMode.OFF)
  void everyLaneHasItsTurnsUnderABoundForAllAndForEachTenant(
      @ForAll Narrow narrow, @ForAll boolean oldestFirst, @ForAll long seed) {
    Random random = new Random(seed);
    Kinds all = kinds(narrow, random);
    everybodyHasTurns(all, kinds(narrow, random), oldestFirst, seed);
  }

  private static void everybodyHasTurns(Kinds all, Kinds tenant, boolean oldestFirst, long seed) {
    Random random = new Random(seed);
    ScheduleRig rig = new ScheduleRig(all, tenant);
    List<Lane> lanes = new ArrayList<>();
    int count = 1 + random.nextInt(MOST_LANES);
    for (int i = 0; i < count; i++) {
      lanes.add(anyLane(rig, i, random));
    }
    lanes.forEach(lane -> rig.schedule.consider(lane, LATER));
    rig.startAll(LATER);
    Set<Long> turns = new HashSet<>();
    for (int i = 0; i < ENDS; i++) {
      Lane ended = rig.land(oldestFirst ? 0 : random.nextInt(rig.underWay.size()));
      rig.schedule.consider(ended, LATER);
      List<Long> started = rig.startAll(LATER);
      // A turn at the start, while there is a place for everybody, says nothing.
      if (i > ENDS / 2) {
        turns.addAll(started);
      }
    }
    assertThat(lanes)
        .as("%s, each tenant %s", all, tenant)
        .filteredOn(lane -> !turns.contains(lane.endpointId()))
        .extracting(
            lane ->
                "tenant %d, %s%s%s, of %d lanes"
                    .formatted(
                        lane.tenant().tenantId(),
                        lane.nextTraffic(),
                        lane.isSlow() ? ", slow" : "",
                        lane.isKnown() ? "" : ", unknown",
                        count))
        .isEmpty();
  }

  private static Lane anyLane(ScheduleRig rig, int endpoint, Random random) {
    Trigger trigger = TRIGGERS[random.nextInt(TRIGGERS.length)];
    Lane lane = rig.lane(random.nextInt(TENANTS), endpoint, ENDS + 1, trigger);
    long tookNanos = random.nextBoolean() ? LATER : 0;
    if (random.nextInt(4) > 0) {
      rig.learn(lane, LATER - tookNanos, LATER);
    }
    return lane;
  }
}
