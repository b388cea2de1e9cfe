package dev.posthaste.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.contract.ContractReader;
import dev.posthaste.event.Attempt.Trigger;
import dev.posthaste.event.Deferral.Reason;
import dev.posthaste.event.Delivery;
import dev.posthaste.event.Event;
import dev.posthaste.event.Settlement;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.lane.Breaker;
import dev.posthaste.lane.FlightBudget;
import dev.posthaste.lane.Lane;
import dev.posthaste.registry.Registry;
import dev.posthaste.settings.SettingsReader;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.Samples;
import dev.posthaste.support.TestVertx;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LanesTest {
  private static final int LANES = 100_000;
  private static final long SECOND = 1_000_000_000L;
  private static final FlightBudget.Kinds ALL = new FlightBudget.Kinds(10, 10, 10, 10, 10);

  private final Vertx vertx = TestVertx.create(1);
  private final Owner owner = new Owner();
  private final Lanes lanes =
      new Lanes(
          vertx,
          new LaneLimits(
              new Lane.Rules(
                  10, 10 * SECOND, SECOND, 2 * SECOND, new Breaker.Rules(2, SECOND, SECOND)),
              new FlightBudget.Limits(ALL, ALL),
              64,
              new IdleLanes.Rules(0, Long.MAX_VALUE, Integer.MAX_VALUE, 60_000),
              new IdleLanes.Rules(1L << 60, 1L << 61, 1_000, 60_000),
              100_000_000,
              100_000_000,
              20),
          new LaneRooms(),
          owner);
  private final Registry registry = new Registry(Map.of());
  private final Channels channels =
      new Channels(registry, ContractReader.read(Optional.empty()), true);
  private final Destinations destinations =
      new Destinations(registry, SettingsReader.defaults().direct());
  private final ChannelWatch watch = new ChannelWatch(lanes, channels, registry);

  @AfterEach
  void close() {
    Await.value(vertx.close());
  }

  @BeforeEach
  void knowTheTenant() {
    owner.onForgotten = channels::forget;
    registry.put(Samples.tenant(1, "default"));
    registry.putDirectSecrets(1, List.of(new SigningSecret(Samples.SECRET, Optional.empty())));
  }

  @Test
  void idleEndpointsCostLittleAndAreForgotten() {
    registry.put(
        LongStream.range(0, LANES)
            .mapToObj(id -> Samples.endpoint(id, 1, "https://" + id + ".example.com/hooks/" + id))
            .toList());
    Event event = Samples.event(1);
    long before = usedBytes();
    for (long id = 0; id < LANES; id++) {
      watch.channel(deliver(event, id), registry.endpoint(id).orElseThrow(), 0);
    }
    assertThat((usedBytes() - before) / LANES)
        .as("bytes of a lane and its channel")
        .isLessThan(1_400);
    assertThat(lanes.sweep(0).lanes()).as("a bounded part at a time").isEqualTo(40_000);
    assertThat(lanes.sweep(0).lanes()).isZero();
    assertThat(owner.forgotten).isEqualTo(LANES);
    assertThat(lanes.isEmpty()).isTrue();
    assertThat(channels.isEmpty()).isTrue();
  }

  @Test
  void idleDestinationsThatEventsBringCostLittleMore() {
    long before = usedBytes();
    for (long id = 1; id <= LANES; id++) {
      Event event = Samples.direct(Samples.event(id), "https://" + id + ".example.com/hooks/" + id);
      Delivery delivery = delivery(event, event.targets().getFirst());
      watch.channel(deliver(delivery), destinations.of(delivery).orElseThrow(), 0);
    }
    assertThat((usedBytes() - before) / LANES).as("bytes with the endpoint made").isLessThan(1_800);
  }

  @Test
  void aLaneThatIsAtWorkOrWhoseBreakerIsOpenIsKept() {
    lanes.offer(delivery(Samples.event(1), 1), 0);
    Lane failing = deliver(Samples.event(1), 2);
    failing.breaker().failed(0, 0, false);
    failing.breaker().failed(0, 0, false);
    lanes.opened(failing, 0);
    DispatchObserver.Load load = lanes.sweep(5);
    assertThat(load.lanes()).isEqualTo(2);
    assertThat(load.waiting()).isEqualTo(1);
    assertThat(load.waitingBytes()).isEqualTo(Samples.event(1).data().size());
    assertThat(load.openBreakers()).isEqualTo(1);
    assertThat(load.oldestWaitingMillis()).isEqualTo(5);
  }

  @Test
  void lanesOfDestinationsThatEventsBringAreBoundedHoweverManyThereAre() {
    Event event = Samples.event(1);
    for (long url = 1; url <= 5_000; url++) {
      deliver(event, -url);
    }
    assertThat(lanes.sweep(0).lanes()).as("the idle ones").isEqualTo(1_000);
    lanes.offer(delivery(event, -6_000), 0);
    assertThat(lanes.sweep(0).lanes()).as("one at work besides").isEqualTo(1_001);
    assertThat(owner.forgotten).isEqualTo(4_000);
  }

  @Test
  void ofTooManySuchLanesAlsoThoseThatFailAreForgotten() {
    Event event = Samples.event(1);
    for (long url = 1; url <= 1_500; url++) {
      Lane failing = deliver(event, -url);
      failing.breaker().failed(0, 0, false);
      failing.breaker().failed(0, 0, false);
      lanes.opened(failing, 0);
    }
    DispatchObserver.Load load = lanes.sweep(0);
    assertThat(load.lanes()).isEqualTo(1_000);
    assertThat(load.openBreakers()).isEqualTo(1_000);
  }

  @Test
  void theNodesThatLiveShareTheRateOfAnEndpoint() {
    lanes.offer(delivery(Samples.event(1), 1), 0);
    lanes.offer(delivery(Samples.event(2), 1), 0);
    Lane lane = lanes.next();
    lane.allow(2 * SECOND, 2);
    lane.paceFor(1);
    lanes.start(lane, 0);
    assertThat(lane.paceNanos(0)).isEqualTo(2 * SECOND);
    owner.nodes = 3;
    lanes.sweep(0);
    assertThat(lane.paceNanos(0)).isEqualTo(6 * SECOND);
    owner.nodes = 2;
    lanes.sweep(0);
    assertThat(lane.paceNanos(0)).isEqualTo(4 * SECOND);
  }

  @Test
  void aLaneWhosePaceWasRaisedGoesOnAtTheNewPace() {
    new Loop(vertx)
        .get(
            () -> {
              long now = System.nanoTime();
              lanes.offer(delivery(Samples.event(1), 1), 0);
              lanes.offer(delivery(Samples.event(2), 1), 0);
              Lane lane = lanes.next();
              pace(lane, 3_600 * SECOND);
              lanes.start(lane, now);
              pace(lane, SECOND / 10);
              lanes.changed(lane, now);
              return lane;
            });
    await().until(() -> owner.paced);
  }

  @Test
  void anEndpointIsLookedAtWhilePaceKeepsWhatWaitsInTheTableAway() {
    for (int i = 0; i <= 10; i++) {
      lanes.offer(delivery(Samples.event(i), 1), 0);
    }
    assertThat(owner.parked).as("of eleven").isEqualTo(1);
    Lane lane = lanes.next();
    while (lane.size() > 0) {
      lanes.start(lane, System.nanoTime());
    }
    lanes.sweep(0);
    assertThat(owner.reviews).isZero();
    pace(lane, 3_600 * SECOND);
    lanes.sweep(0);
    assertThat(owner.reviews).isPositive();
  }

  private static void pace(Lane lane, long nanos) {
    lane.allow(nanos, 2);
    lane.paceFor(1);
  }

  @Test
  void whatHasWaitedTooLongIsParkedOnlyWhileThatCanBeWritten() {
    lanes.offer(delivery(Samples.event(1), 1), 0);
    owner.canPark = false;
    assertThat(lanes.sweep(10_001).waiting()).isEqualTo(1);
    owner.canPark = true;
    assertThat(lanes.sweep(10_001).waiting()).isZero();
    assertThat(owner.parked).isEqualTo(1);
  }

  private Lane deliver(Event event, long endpoint) {
    return deliver(delivery(event, endpoint));
  }

  private Lane deliver(Delivery delivery) {
    lanes.offer(delivery, 0);
    Lane lane = lanes.next();
    lanes.start(lane, 0);
    lanes.ended(lane, delivery);
    lanes.changed(lane, 0);
    return lane;
  }

  private static Delivery delivery(Event event, long endpoint) {
    return new Delivery(event, endpoint, 0, Trigger.LIVE, false, Optional.empty(), Settlement.NONE);
  }

  /** The least that is seen: the collector may need more than one go. */
  private static long usedBytes() {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      System.gc();
      least =
          Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
    }
    return least;
  }

  private static final class Owner implements Lanes.Host {
    private int forgotten;
    private int parked;
    private int reviews;
    private int nodes = 1;
    private LongConsumer onForgotten = id -> {};
    private boolean canPark = true;
    private volatile boolean paced;

    @Override
    public void parked(Delivery delivery, Reason reason) {
      parked++;
    }

    @Override
    public boolean canPark() {
      return canPark;
    }

    @Override
    public void paced() {
      paced = true;
    }

    @Override
    public void review(Lane lane, long nowNanos) {
      reviews++;
    }

    @Override
    public void forgotten(long endpointId) {
      forgotten++;
      onForgotten.accept(endpointId);
    }

    @Override
    public int liveNodes() {
      return nodes;
    }
  }
}
