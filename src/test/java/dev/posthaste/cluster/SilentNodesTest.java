package dev.posthaste.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.store.Fence;
import dev.posthaste.store.NodeTable.Sighting;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import org.junit.jupiter.api.Test;

class SilentNodesTest {
  private static final OffsetDateTime LONG_AGO = OffsetDateTime.parse("2020-01-01T00:00:00Z");
  private static final Sighting ONE = new Sighting(new Fence(1, 1), LONG_AGO);
  private static final Sighting TWO = new Sighting(new Fence(2, 1), LONG_AGO);

  private final SilentNodes silent = new SilentNodes(Duration.ofNanos(100));

  private List<Sighting> look(long nanos, Sighting... others) {
    return silent.among(List.of(others), nanos, nanos);
  }

  @Test
  void aNodeIsSilentOnceItHasLookedTheSameForALease() {
    assertThat(look(1_000, ONE)).isEmpty();
    assertThat(look(1_099, ONE)).isEmpty();
    assertThat(look(1_100, ONE)).containsExactly(ONE);
    assertThat(look(1_200, ONE)).as("until it is buried").containsExactly(ONE);
  }

  @Test
  void everyHeartbeatCountsWhateverTheDatabasesClockMakesOfIt() {
    look(1_000, ONE, TWO);
    Sighting later = new Sighting(ONE.fence(), LONG_AGO.minusHours(1));
    assertThat(look(1_099, later, TWO)).isEmpty();
    assertThat(look(1_100, later, TWO)).containsExactly(TWO);
    assertThat(look(1_199, later)).containsExactly(later);
  }

  @Test
  void whoeverJoinsUnderTheNumberOfADeadOneIsNew() {
    look(1_000, ONE);
    Sighting next = new Sighting(new Fence(1, 3), LONG_AGO);
    assertThat(look(1_100, next)).isEmpty();
  }

  @Test
  void whileTheDatabaseTakesItsTimeANodeMayHaveGivenASign() {
    silent.among(List.of(ONE), 1_000, 1_050);
    assertThat(silent.among(List.of(ONE), 1_149, 1_300)).isEmpty();
    assertThat(silent.among(List.of(ONE), 1_150, 1_150)).containsExactly(ONE);
  }
}
