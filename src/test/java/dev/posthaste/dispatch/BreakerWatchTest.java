package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Deferral.Reason;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Reply;
import dev.posthaste.lane.AimdLimit;
import dev.posthaste.lane.Breaker;
import dev.posthaste.lane.FlightBudget;
import dev.posthaste.lane.Lane;
import dev.posthaste.lane.TenantShare;
import dev.posthaste.support.Await;
import dev.posthaste.support.TestVertx;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BreakerWatchTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Lane.Rules RULES =
      new Lane.Rules(10, 10 * SECOND, SECOND, 2 * SECOND, new Breaker.Rules(2, SECOND, SECOND));
  private static final FlightBudget.Kinds ALL = new FlightBudget.Kinds(10, 10, 10, 10, 10);
  private static final Reply BROKEN = answered(500, Optional.empty());
  private static final Reply BUSY = answered(503, Optional.of("120"));

  private final Vertx vertx = TestVertx.create(1);
  private final AimdLimit limit = new AimdLimit(64);
  private final Lane lane = new Lane(1, new TenantShare(1), RULES, limit);
  private final BreakerWatch watch =
      new BreakerWatch(
          new Lanes(
              vertx,
              new LaneLimits(
                  RULES,
                  new FlightBudget.Limits(ALL, ALL),
                  64,
                  new IdleLanes.Rules(0, Long.MAX_VALUE, Integer.MAX_VALUE, 60_000),
                  new IdleLanes.Rules(0, Long.MAX_VALUE, 1_000, 60_000),
                  1_000_000,
                  1_000_000,
                  20),
              new LaneRooms(),
              new Nobody()),
          Clock.systemUTC());

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  @Test
  void noProbeGoesBeforeTheEndpointWantsOne() {
    learn(BUSY, false);
    long before = System.nanoTime();
    learn(BUSY, false);
    assertProbeIn(120 * SECOND, before);
  }

  @Test
  void norDoesTheNextOneAfterAProbeThatIsAskedToWait() {
    learn(BROKEN, false);
    learn(BROKEN, false);
    assertThat(lane.breaker().admits(System.nanoTime() + SECOND)).isTrue();
    long before = System.nanoTime();
    learn(BUSY, true);
    assertProbeIn(120 * SECOND, before);
  }

  @Test
  void aProbeForWhoseFateTheEndpointIsNotToBlameIsMadeAgain() {
    learn(BROKEN, false);
    learn(BROKEN, false);
    lane.breaker().started();
    long before = System.nanoTime();
    learn(new Reply.Unanswered(Reply.Reason.INTERNAL, "", 1, Optional.empty()), true);
    assertThat(lane.breaker().isOpen()).isTrue();
    assertProbeIn(SECOND, before);
  }

  @Test
  void onlyWhatSaysTooMuchLowersTheConcurrency() {
    int before = limit.current();
    learn(BROKEN, false);
    assertThat(limit.current()).isGreaterThanOrEqualTo(before);
    learn(BUSY, false);
    assertThat(limit.current()).isLessThan(before);
  }

  @Test
  void anEndpointThatAnswersAgainBeginsWithOneAtATime() {
    learn(BROKEN, false);
    learn(BROKEN, false);
    assertThat(limit.current()).isGreaterThan(1);
    learn(answered(404, Optional.empty()), true);
    assertThat(lane.breaker().isOpen()).isFalse();
    assertThat(limit.current()).isEqualTo(1);
  }

  private void learn(Reply reply, boolean isProbe) {
    watch.learn(lane, System.nanoTime(), isProbe, reply);
  }

  /** However long this took: not earlier, and then it does go. */
  private void assertProbeIn(long nanos, long sinceNanos) {
    assertThat(lane.breaker().isOpen()).isTrue();
    assertThat(lane.breaker().admits(sinceNanos + nanos - 1)).isFalse();
    assertThat(lane.breaker().admits(System.nanoTime() + nanos)).isTrue();
  }

  private static Reply answered(int status, Optional<String> retryAfter) {
    return new Reply.Answered(status, "", retryAfter, 1, Optional.empty());
  }

  private static final class Nobody implements Lanes.Host {
    @Override
    public void parked(Delivery delivery, Reason reason) {}

    @Override
    public boolean canPark() {
      return true;
    }

    @Override
    public void review(Lane lane, long nowNanos) {}

    @Override
    public void paced() {}

    @Override
    public void forgotten(long endpointId) {}

    @Override
    public int liveNodes() {
      return 1;
    }
  }
}
