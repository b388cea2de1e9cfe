package dev.posthaste.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private final MemoryBudget memory = new MemoryBudget(100, 60);
  private final TenantShare one = new TenantShare(1);
  private final TenantShare two = new TenantShare(2);

  @Test
  void isBoundedForEachTenantAndForAll() {
    memory.take(one, 50);
    assertThat(memory.admits(one, 10)).isTrue();
    assertThat(memory.admits(one, 11)).isFalse();
    assertThat(memory.admits(two, 50)).isTrue();
    memory.take(two, 45);
    assertThat(memory.admits(two, 6)).isFalse();
    memory.giveBack(one, 50);
    assertThat(memory.admits(two, 15)).isTrue();
    assertThat(memory.used()).isEqualTo(45);
  }

  @Test
  void whoHoldsNothingGetsRoomForOneOfAnySize() {
    assertThat(memory.admits(one, 1_000)).isTrue();
    memory.take(two, 10);
    assertThat(memory.admits(one, 80)).isTrue();
    assertThat(memory.admits(one, 91)).as("not beyond the whole").isFalse();
  }
}
