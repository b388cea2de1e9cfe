package dev.posthaste.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.posthaste.support.SettableClock;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdGeneratorTest {
  private final SettableClock clock = new SettableClock();

  @Test
  void idsRiseWithinAMillisecondAndOverItsEnd() {
    IdGenerator ids = new IdGenerator(clock, 5, 0);
    long[] made = LongStream.generate(ids::next).limit(10_000).toArray();
    for (int i = 1; i < made.length; i++) {
      assertThat(made[i]).isGreaterThan(made[i - 1]);
    }
    assertThat(LongStream.of(made)).allMatch(id -> IdGenerator.nodeOf(id) == 5);
    // 4096 ids fit into a millisecond; the rest borrow from the next ones.
    assertThat(IdGenerator.millisOf(made[4095])).isEqualTo(clock.millis());
    assertThat(IdGenerator.millisOf(made[9_999])).isEqualTo(clock.millis() + 2);
  }

  @Test
  void idsRiseWhileTheClockGoesBack() {
    IdGenerator ids = new IdGenerator(clock, 0, 0);
    long before = ids.next();
    clock.advance(Duration.ofHours(-1));
    long after = ids.next();
    assertThat(after).isGreaterThan(before);
    assertThat(IdGenerator.millisOf(after)).isEqualTo(IdGenerator.millisOf(before));
    clock.advance(Duration.ofHours(2));
    assertThat(IdGenerator.millisOf(ids.next())).isEqualTo(clock.millis());
  }

  @Test
  void everyIdIsAboveTheFloorWhicheverNodeMadeIt() {
    IdGenerator ahead = new IdGenerator(clock, IdGenerator.MAX_NODES - 1, 0);
    clock.advance(Duration.ofDays(1));
    long floor = ahead.next();
    clock.advance(Duration.ofDays(-1));
    IdGenerator next = new IdGenerator(clock, 0, floor);
    assertThat(next.last()).isGreaterThan(floor);
    assertThat(next.next()).isGreaterThan(floor);
  }

  @Test
  void lastIsBelowWhatComesAndNotBelowWhatWas() {
    IdGenerator ids = new IdGenerator(clock, 7, 0);
    long begin = ids.last();
    long one = ids.next();
    assertThat(begin).isLessThan(one);
    assertThat(ids.last()).isEqualTo(one);
  }

  @Test
  void nodesNeverMakeTheSameId() {
    Set<Long> seen = new HashSet<>();
    for (int node = 0; node < IdGenerator.MAX_NODES; node++) {
      IdGenerator ids = new IdGenerator(clock, node, 0);
      assertThat(seen.add(ids.next())).isTrue();
      assertThat(seen.add(ids.next())).isTrue();
    }
  }

  @Test
  void threadsNeverGetTheSameId() {
    IdGenerator ids = new IdGenerator(Clock.systemUTC(), 3, 0);
    long distinct =
        IntStream.range(0, 100_000).parallel().mapToLong(i -> ids.next()).distinct().count();
    assertThat(distinct).isEqualTo(100_000);
  }

  @Test
  void theLowestIdOfATimeIsBelowEveryIdMadeThenAndAboveThoseBefore() {
    IdGenerator top = new IdGenerator(clock, IdGenerator.MAX_NODES - 1, 0);
    long before = LongStream.generate(top::next).limit(4096).max().orElseThrow();
    clock.advance(Duration.ofMillis(1));
    long lowest = IdGenerator.lowestAt(clock.millis());
    assertThat(before).isLessThan(lowest);
    assertThat(new IdGenerator(clock, 0, 0).next()).isGreaterThanOrEqualTo(lowest);
    assertThat(IdGenerator.lowestAt(0)).isZero();
  }

  @Test
  void timesBeyondTheLastOneAreAboveEveryIdOfToday() {
    long today = new IdGenerator(Clock.systemUTC(), 1, 0).next();
    for (String far : List.of("2094-01-01T00:00:00Z", "9999-12-31T23:59:59Z")) {
      assertThat(IdGenerator.lowestAt(Instant.parse(far).toEpochMilli())).isGreaterThan(today);
    }
    assertThat(IdGenerator.lowestAt(Long.MAX_VALUE)).isGreaterThan(today);
    assertThat(IdGenerator.lowestAt(Long.MIN_VALUE)).isZero();
  }

  @Test
  void aClockBeforeTheEpochStillGivesRisingPositiveIds() {
    clock.set(Instant.EPOCH);
    IdGenerator ids = new IdGenerator(clock, 1, 0);
    long one = ids.next();
    assertThat(one).isPositive();
    assertThat(ids.next()).isGreaterThan(one);
  }

  @Test
  void refusesNodesThatDoNotFit() {
    assertThatIllegalArgumentException().isThrownBy(() -> new IdGenerator(clock, -1, 0));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new IdGenerator(clock, IdGenerator.MAX_NODES, 0));
  }
}
