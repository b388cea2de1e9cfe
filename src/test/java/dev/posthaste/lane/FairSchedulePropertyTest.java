package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.lane.FlightBudget.Kinds;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever happens to lanes, in whatever order: the bounds hold, and nobody is forgotten. */
class FairSchedulePropertyTest {
  private static final Trigger[] TRIGGERS = {Trigger.LIVE, Trigger.RETRY, Trigger.REPLAY};
  private static final int LANES = 12;
  private static final int STEPS = 200;

  @Provide
  Arbitrary<Kinds> kinds() {
    Arbitrary<Integer> some = Arbitraries.integers().between(1, 8);
    return Combinators.combine(Arbitraries.integers().between(1, 20), some, some, some, some)
        .as(Kinds::new);
  }

  @Property
  void everythingThatWaitsGoesAtLastAndNeverTooMuchAtOnce(
      @ForAll("kinds") Kinds all, @ForAll("kinds") Kinds tenant, @ForAll long seed) {
    Run run = new Run(new FlightBudget.Limits(all, tenant), new Random(seed));
    for (int i = 0; i < STEPS; i++) {
      run.step();
      assertThat(run.flying).hasSizeLessThanOrEqualTo(all.total());
    }
    while (!run.flying.isEmpty()) {
      run.end();
      run.startAll();
    }
    assertThat(run.lanes).allSatisfy(lane -> assertThat(lane.size()).isZero());
    assertThat(run.budget.inFlight()).isZero();
  }

  private record Flying(Lane lane, Traffic traffic) {}

  private static final class Run {
    private final Random random;
    private final FlightBudget budget;
    private final FairSchedule schedule;
    private final List<Lane> lanes = new ArrayList<>();
    private final List<Flying> flying = new ArrayList<>();
    private long now;

    Run(FlightBudget.Limits limits, Random random) {
      this.random = random;
      this.budget = new FlightBudget(limits);
      this.schedule = new FairSchedule(budget);
      List<TenantShare> tenants = List.of(new TenantShare(1), new TenantShare(2));
      for (int i = 0; i < LANES; i++) {
        TenantShare tenant = tenants.get(i % tenants.size());
        lanes.add(new Lane(i, tenant, LaneTest.RULES, new AimdLimit(8)));
      }
    }

    void step() {
      now += 300_000_000L;
      switch (random.nextInt(4)) {
        case 0 -> add(anyLane());
        case 1 -> look(anyLane());
        case 2 -> emptied(anyLane());
        default -> end();
      }
      startAll();
    }

    private Lane anyLane() {
      return lanes.get(random.nextInt(LANES));
    }

    private void add(Lane lane) {
      for (int i = 0; i < 3; i++) {
        lane.add(LaneTest.delivery(i, TRIGGERS[random.nextInt(TRIGGERS.length)]), 0);
        schedule.consider(lane, now);
      }
    }

    /** As a sweep does: an endpoint that is silent for long is slow. */
    private void look(Lane lane) {
      lane.look(now);
      schedule.learnt(lane);
      schedule.consider(lane, now);
    }

    private void emptied(Lane lane) {
      lane.expire(Long.MAX_VALUE, delivery -> {});
      schedule.consider(lane, now);
    }

    void end() {
      if (!flying.isEmpty()) {
        Flying ended = flying.remove(random.nextInt(flying.size()));
        schedule.ended(ended.lane, ended.traffic);
        ended.lane.ended(ended.traffic);
        ended.lane.learn(now - random.nextInt(2_000_000_000), now, false);
        schedule.learnt(ended.lane);
        schedule.consider(ended.lane, now);
      }
    }

    void startAll() {
      for (Lane lane = schedule.next(now); lane != null; lane = schedule.next(now)) {
        Traffic traffic = Traffic.of(lane.start(now).delivery());
        schedule.started(lane, traffic);
        flying.add(new Flying(lane, traffic));
        schedule.consider(lane, now);
      }
    }
  }
}
