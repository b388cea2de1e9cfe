package dev.posthaste.lane;

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
  private static final int MOST_LANES = 12;
  private static final int ENDS = 1_500;
  private static final long LATER = 2_000_000_000L;
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
    Run run = new Run(new FlightBudget.Limits(all, tenant), new Random(seed));
    run.startAll();
    for (int i = 0; i < ENDS; i++) {
      run.end(oldestFirst);
      run.startAll();
    }
    assertThat(run.lanes)
        .as("%s, each tenant %s", all, tenant)
        .filteredOn(lane -> !run.turns.contains(lane))
        .extracting(
            lane ->
                "tenant %d, %s%s%s, of %d lanes"
                    .formatted(
                        lane.tenant().tenantId(),
                        lane.nextTraffic(),
                        lane.isSlow() ? ", slow" : "",
                        lane.isKnown() ? "" : ", unknown",
                        run.lanes.size()))
        .isEmpty();
  }

  private record Flying(Lane lane, Traffic traffic) {}

  private static final class Run {
    private final Random random;
    private final FlightBudget budget;
    private final FairSchedule schedule;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Flying> flying = new ArrayList<>();
    private final Set<Lane> turns = new HashSet<>();

    Run(FlightBudget.Limits limits, Random random) {
      this.random = random;
      this.budget = new FlightBudget(limits);
      this.schedule = new FairSchedule(budget);
      List<TenantShare> tenants =
          List.of(new TenantShare(1), new TenantShare(2), new TenantShare(3));
      int count = 1 + random.nextInt(MOST_LANES);
      for (int i = 0; i < count; i++) {
        add(i, tenants.get(random.nextInt(tenants.size())));
      }
      lanes.forEach(lane -> schedule.consider(lane, LATER));
    }

    private void add(int endpoint, TenantShare tenant) {
      Lane lane = new Lane(endpoint, tenant, LaneTest.RULES, new AimdLimit(8));
      Trigger trigger = TRIGGERS[random.nextInt(TRIGGERS.length)];
      long tookNanos = random.nextBoolean() ? LATER : 0;
      if (random.nextInt(4) > 0) {
        lane.learn(LATER - tookNanos, LATER, false);
        schedule.learnt(lane);
      }
      for (int i = 0; i <= ENDS; i++) {
        lane.add(LaneTest.delivery(i, trigger), 0);
      }
      lanes.add(lane);
    }

    void startAll() {
      for (Lane lane = schedule.next(LATER); lane != null; lane = schedule.next(LATER)) {
        Traffic traffic = Traffic.of(lane.start(LATER).delivery());
        schedule.started(lane, traffic);
        flying.add(new Flying(lane, traffic));
        turns.add(lane);
        schedule.consider(lane, LATER);
      }
    }

    void end(boolean oldestFirst) {
      Flying ended = flying.remove(oldestFirst ? 0 : random.nextInt(flying.size()));
      schedule.ended(ended.lane, ended.traffic);
      ended.lane.ended(ended.traffic);
      schedule.consider(ended.lane, LATER);
    }
  }
}
