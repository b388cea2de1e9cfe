package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.TestDatabase;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DroppedStoreTest {
  private static final String BEFORE = "now() - interval '1 h'";
  private static final String AFTER = "now() + interval '1 h'";

  private final long firstId = IdGenerator.lowestAt(System.currentTimeMillis());
  private TestDatabase db;
  private int made;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
  }

  @BeforeEach
  void clear() {
    db.clear();
    db.execute("TRUNCATE dropping");
  }

  @AfterAll
  void close() {
    db.close();
  }

  private DroppedStore store(int most) {
    return new DroppedStore(db.database(), most);
  }

  /** Deliveries that were tried once and wait for four hours. */
  private void defer(int count, long endpoint, String putAt, String orderKey) {
    db.execute(
        ("INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, put_at,"
                + " order_key, order_place)"
                + " SELECT %d + n, %d, 1, now() + interval '4 h', 2, %s, %s, n"
                + " FROM generate_series(1, %d) n")
            .formatted(firstId + made, endpoint, putAt, orderKey, count));
    made += count;
  }

  private void drop(long endpoint) {
    db.execute("INSERT INTO dropping VALUES (%d, now())".formatted(endpoint));
  }

  private static int all(DroppedStore store) {
    int discarded = 0;
    Optional<Integer> step = Await.value(store.step());
    while (step.isPresent()) {
      discarded += step.get();
      step = Await.value(store.step());
    }
    return discarded;
  }

  private List<String> waiting(String what) {
    return db.column("SELECT %s FROM deferred ORDER BY 1".formatted(what));
  }

  @Test
  void whatWaitedIsDiscardedBeforeItIsDue() {
    defer(3, 7, BEFORE, "NULL");
    drop(7);
    assertThat(all(store(100))).isEqualTo(3);
    assertThat(waiting("endpoint_id")).isEmpty();
    assertThat(db.column("SELECT attempt_no || ':' || outcome || ':' || trigger FROM attempt"))
        .containsExactly("2:4:2", "2:4:2", "2:4:2");
    assertThat(db.column("SELECT * FROM dropping")).isEmpty();
  }

  @Test
  void ordersAreFreedToo() {
    defer(3, 7, BEFORE, "'a'");
    defer(1, 7, AFTER, "'a'");
    drop(7);
    assertThat(all(store(100))).isEqualTo(3);
    assertThat(waiting("order_place")).containsExactly("1");
  }

  @Test
  void whatCameLaterAndWhatIsOfOthersStays() {
    defer(1, 7, BEFORE, "NULL");
    defer(2, 7, AFTER, "NULL");
    defer(1, 8, BEFORE, "NULL");
    drop(7);
    assertThat(all(store(100))).isEqualTo(1);
    assertThat(waiting("endpoint_id")).containsExactly("7", "7", "8");
  }

  @Test
  void whatIsLeasedIsLeftToItsHolder() {
    defer(2, 7, BEFORE, "NULL");
    db.execute("UPDATE deferred SET leased_by = 3, leased_until = now() + interval '1 h'");
    drop(7);
    assertThat(all(store(100))).isZero();
    assertThat(waiting("leased_by")).containsExactly("3", "3");
    assertThat(db.column("SELECT * FROM dropping")).isEmpty();
  }

  @Test
  void muchOfOneEndpointDoesNotHoldUpAnother() {
    defer(25, 7, BEFORE, "NULL");
    defer(5, 8, BEFORE, "NULL");
    drop(7);
    drop(8);
    DroppedStore store = store(10);
    assertThat(Await.value(store.step())).contains(10);
    assertThat(Await.value(store.step())).contains(5);
    assertThat(all(store)).isEqualTo(15);
  }

  @Test
  void aHundredThousandRowsGoInSteps() {
    defer(100_000, 7, BEFORE, "NULL");
    defer(10, 7, AFTER, "NULL");
    drop(7);
    DroppedStore store = store(2_000);
    assertThat(Await.value(store.step())).contains(2_000);
    assertThat(all(store)).isEqualTo(98_000);
    assertThat(waiting("endpoint_id")).hasSize(10);
    assertThat(db.column("SELECT count(*) FROM attempt WHERE outcome = 4"))
        .containsExactly("100000");
  }

  @Test
  void nodesShareTheEndpoints() {
    defer(40, 7, BEFORE, "NULL");
    defer(40, 8, BEFORE, "NULL");
    drop(7);
    drop(8);
    var one = store(10).step();
    var other = store(10).step();
    assertThat(Await.value(one)).contains(10);
    assertThat(Await.value(other)).contains(10);
    assertThat(all(store(10))).isEqualTo(60);
    assertThat(db.column("SELECT * FROM dropping")).isEmpty();
  }
}
