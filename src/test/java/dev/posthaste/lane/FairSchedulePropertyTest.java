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
  private static final int TENANTS = 2;
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
    Run run = new Run(all, tenant, new Random(seed));
    for (int i = 0; i < STEPS; i++) {
      run.step();
      assertThat(run.rig.underWay).hasSizeLessThanOrEqualTo(all.total());
    }
    while (!run.rig.underWay.isEmpty()) {
      run.end();
      run.rig.startAll(run.now);
    }
    assertThat(run.lanes).allSatisfy(lane -> assertThat(lane.size()).isZero());
    assertThat(run.rig.budget.inFlight()).isZero();
  }

  private static final class Run {
    private final Random random;
    private final ScheduleRig rig;
    private final List<Lane> lanes = new ArrayList<>();
    private long now;

    Run(Kinds all, Kinds tenant, Random random) {
      this.random = random;
      this.rig = new ScheduleRig(all, tenant);
      for (int i = 0; i < LANES; i++) {
        lanes.add(rig.lane(i % TENANTS, i, 0, Trigger.LIVE));
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
      rig.startAll(now);
    }

    private Lane anyLane() {
      return lanes.get(random.nextInt(LANES));
    }

    private void add(Lane lane) {
      for (int i = 0; i < 3; i++) {
        lane.add(LaneTest.delivery(i, TRIGGERS[random.nextInt(TRIGGERS.length)]), 0);
        rig.schedule.consider(lane, now);
      }
    }

    /** As a sweep does: an endpoint that is silent for long is slow. */
    private void look(Lane lane) {
      lane.look(now);
      rig.schedule.learnt(lane);
      rig.schedule.consider(lane, now);
    }

    private void emptied(Lane lane) {
      lane.expire(Long.MAX_VALUE, delivery -> {});
      rig.schedule.consider(lane, now);
    }

    void end() {
      if (!rig.underWay.isEmpty()) {
        Lane lane = rig.land(random.nextInt(rig.underWay.size()));
        rig.learn(lane, now - random.nextInt(2_000_000_000), now);
        rig.schedule.consider(lane, now);
      }
    }
  }
}
