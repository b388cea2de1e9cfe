package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Sightings;
import dev.posthaste.support.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class CommitHorizonTest {
  private TestDatabase db;
  private NodeTable nodes;
  private CommitHorizon horizon;

  @BeforeEach
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    db.clear();
    nodes = new NodeTable(db.database());
    horizon = new CommitHorizon(db.database());
  }

  @AfterEach
  void close() {
    db.close();
  }

  private long read() {
    return Await.value(horizon.read());
  }

  private void report(NodeTable.Membership node, long mark) {
    Await.value(horizon.report(node.fence(), mark));
  }

  @Test
  void itIsTheLowestMarkOfTheNodesThatAreAlive() {
    NodeTable.Membership one = Await.value(nodes.join());
    NodeTable.Membership two = Await.value(nodes.join());
    report(one, 5_000);
    assertThat(read()).isZero();
    report(two, 3_000);
    assertThat(read()).isEqualTo(3_000);
    report(two, 2_000);
    assertThat(read()).as("it never falls").isEqualTo(3_000);
  }

  @Test
  void aDeadNodeHoldsItUntilItIsTakenOver() {
    NodeTable.Membership one = Await.value(nodes.join());
    NodeTable.Membership dead = Await.value(nodes.join());
    report(one, 5_000);
    report(dead, 3_000);
    report(one, 9_000);
    assertThat(read()).isEqualTo(3_000);
    Await.value(nodes.takeOver(Sightings.of(nodes, dead.fence())));
    assertThat(read()).isEqualTo(9_000);
    report(dead, 20_000);
    assertThat(read()).as("a zombie has no say").isEqualTo(9_000);
  }

  @Test
  void whoJoinsMakesOnlyIdsAboveWhateverWasReadWithAClockThatIsBehind() {
    NodeTable.Membership one = Await.value(nodes.join());
    long mark = IdGenerator.lowestAt(System.currentTimeMillis());
    report(one, mark);
    assertThat(read()).isEqualTo(mark);
    NodeTable.Membership late = Await.value(nodes.join());
    Clock behind = Clock.offset(Clock.systemUTC(), Duration.ofHours(-1));
    assertThat(new IdGenerator(behind, late.fence().node(), late.floor()).next())
        .isGreaterThan(mark);
    assertThat(read()).isEqualTo(mark);
  }

  @Test
  void aNodeThatComesBackAloneKeepsAboveItsOwnPast() {
    NodeTable.Membership first = Await.value(nodes.join());
    long mark = IdGenerator.lowestAt(System.currentTimeMillis());
    report(first, mark);
    Await.value(nodes.leave(first.fence(), 1));
    assertThat(read()).isEqualTo(mark);
    NodeTable.Membership again = Await.value(nodes.join());
    assertThat(again.fence().node()).isEqualTo(first.fence().node());
    assertThat(again.floor()).isGreaterThanOrEqualTo(mark);
  }

  @Test
  void thereIsNoneWhileSomebodyEnters() {
    NodeTable.Membership one = Await.value(nodes.join());
    report(one, 5_000);
    db.execute(
        "INSERT INTO node (id, epoch, heartbeat_at, settled_below, live, entering)"
            + " VALUES (7, 1, now(), 0, true, true)");
    assertThat(read()).isZero();
    Await.value(horizon.report(new Fence(7, 1), 9_000));
    assertThat(read()).as("it has no mark before it has entered").isZero();
    db.execute("UPDATE node SET entering = false, committed_below = 5000 WHERE id = 7");
    assertThat(read()).isEqualTo(5_000);
  }
}
