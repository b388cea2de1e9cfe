package dev.posthaste.lane;

import static dev.posthaste.lane.MemoryBudget.OVERHEAD;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final int KIB = 1_024;

  private final MemoryBudget memory = new MemoryBudget(100 * KIB, 60 * KIB, 20);
  private final TenantShare one = new TenantShare(1);
  private final TenantShare two = new TenantShare(2);

  @Test
  void isBoundedForEachTenantAndForAll() {
    take(lane(one), 25);
    take(lane(one), 25);
    assertThat(admits(lane(one), 10)).isTrue();
    assertThat(admits(lane(one), 11)).isFalse();
    Lane other = lane(two);
    assertThat(admits(other, 50)).isTrue();
    take(other, 45);
    assertThat(admits(lane(two), 6)).isFalse();
    memory.giveBack(other, 45 * KIB - OVERHEAD);
    assertThat(admits(lane(two), 50)).isTrue();
    assertThat(memory.used()).isEqualTo(50 * KIB);
  }

  @Test
  void aTenantThatHoldsNothingGetsRoomForOneBeyondItsBound() {
    take(lane(two), 10);
    assertThat(admits(lane(one), 80)).isTrue();
    assertThat(admits(lane(one), 91)).as("not beyond the whole").isFalse();
  }

  @Test
  void ofWhatIsLargerThanTheBoundsOneAtATimeIsTakenHoweverMuchOthersHold() {
    Lane busy = lane(one);
    fill(busy);
    fill(lane(two));
    assertThat(admits(busy, 1_000)).isTrue();
    take(busy, 1_000);
    assertThat(admits(busy, 1_000)).isFalse();
    assertThat(admits(lane(two), 8)).as("also large beside 60 KiB").isFalse();
    memory.giveBack(busy, 1_000 * KIB - OVERHEAD);
    assertThat(admits(busy, 1)).as("a small one").isFalse();
    assertThat(admits(lane(two), 1_000)).isTrue();
  }

  @Test
  void ofTheLastShareALaneGetsLittle() {
    Lane lane = lane(one);
    take(lane, 44);
    assertThat(admits(lane, 4)).isTrue();
    assertThat(admits(lane, 5)).as("48 of 60 are for all").isFalse();
    Lane other = lane(one);
    assertThat(admits(other, 4)).as("it holds nothing").isTrue();
    take(other, 1);
    assertThat(admits(other, 3)).isTrue();
    take(other, 3);
    assertThat(admits(other, 1)).as("an eighth of the twelve that are left").isFalse();
  }

  @Test
  void manySmallOnesAreNotFree() {
    Lane lane = lane(one);
    int taken = 0;
    while (memory.admits(lane, 1)) {
      memory.take(lane, 1);
      taken++;
    }
    assertThat(taken).as("four fifths of 60 KiB").isEqualTo(63);
  }

  private void fill(Lane lane) {
    while (admits(lane, 1)) {
      take(lane, 1);
    }
  }

  private boolean admits(Lane lane, int kib) {
    return memory.admits(lane, kib * KIB - OVERHEAD);
  }

  private void take(Lane lane, int kib) {
    memory.take(lane, kib * KIB - OVERHEAD);
  }

  private static Lane lane(TenantShare tenant) {
    return new Lane(7, tenant, LaneTest.RULES, new AimdLimit(2));
  }
}
