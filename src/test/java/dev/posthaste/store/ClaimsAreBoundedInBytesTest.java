package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Delivery;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.store.DeferredStore.Due;
import dev.posthaste.store.DeferredStore.Limits;
import dev.posthaste.store.DeferredStore.Look;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.TestDatabase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** However large the events are that wait, a claim brings no more into memory than it may. */
@ExtendWith(PostgresExtension.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClaimsAreBoundedInBytesTest {
  private static final int SIZE = 64 * 1024;

  private final long firstId = IdGenerator.lowestAt(System.currentTimeMillis());
  private int events;
  private TestDatabase db;
  private Loop loop;
  private DeferredStore store;

  @BeforeAll
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    loop = db.loop();
    store = new DeferredStore(db.database(), 0);
  }

  @BeforeEach
  void clear() {
    db.clear();
  }

  @AfterAll
  void close() {
    Await.value(store.close());
    db.close();
  }

  @Test
  void aThousandLargeEventsComeInPartsThatFitUntilNoneIsLeft() {
    defer(1_000, 1);
    int claimed = 0;
    int looks = 0;
    for (Look look = look(64, 0); !look.due().isEmpty(); look = look(64, 0)) {
      assertThat(look.due().size()).isLessThanOrEqualTo(64);
      claimed += look.due().size();
      looks++;
    }
    assertThat(claimed).isEqualTo(1_000);
    assertThat(looks).isEqualTo(16);
  }

  @Test
  void anEventThatIsLargerThanAllIsTakenAlone() {
    defer(2, 1);
    assertThat(endpoints(claim(1, 0, Set.of()))).containsExactly(1L);
    assertThat(endpoints(claim(1, 0, Set.of()))).containsExactly(1L);
  }

  @Test
  void eachEndpointGetsItsFirstBeforeAnyGetsMore() {
    defer(100, 1);
    for (long endpoint = 2; endpoint <= 10; endpoint++) {
      defer(1, endpoint);
    }
    Look look = look(20, 0);
    List<Long> expected = new ArrayList<>(Collections.nCopies(11, 1L));
    LongStream.rangeClosed(2, 10).forEach(expected::add);
    assertThat(endpoints(look)).isEqualTo(expected);
    assertThat(look.cut()).containsExactly(1L);
    assertThat(look.reached()).as("all have had something").isZero();
  }

  @Test
  void ofOneEndpointTheOldestGoFirst() {
    defer(5, 1);
    db.execute("UPDATE deferred SET due_at = now() - interval '1 h' WHERE event_id % 5 = 2");
    List<String> oldest = db.column("SELECT event_id FROM deferred ORDER BY due_at LIMIT 1");
    assertThat(look(1, 0).due())
        .extracting(due -> Long.toString(due.delivery().event().id()))
        .isEqualTo(oldest);
  }

  @Test
  void whatDidNotFitComesFirstInTheNextLookAndSoOnRoundAllEndpoints() {
    for (long endpoint = 1; endpoint <= 10; endpoint++) {
      defer(5, endpoint);
    }
    Look first = look(4, 0);
    assertThat(endpoints(first)).containsExactly(1L, 2L, 3L, 4L);
    assertThat(first.reached()).isEqualTo(4);
    assertThat(first.cut()).hasSize(10);
    Look second = look(4, 4);
    assertThat(endpoints(second)).containsExactly(5L, 6L, 7L, 8L);
    Look third = look(4, 8);
    assertThat(endpoints(third)).containsExactly(1L, 2L, 9L, 10L);
    assertThat(third.reached()).isEqualTo(2);
  }

  @Test
  void itIsTheSameWhereMoreIsDueThanOneLookTakesInRows() {
    for (long endpoint = 1; endpoint <= 10; endpoint++) {
      defer(5, endpoint);
    }
    Limits limits = limits(3L * SIZE, 20);
    Look first = claim(limits, 0, Set.of());
    assertThat(endpoints(first)).containsExactly(1L, 2L, 3L);
    assertThat(first.reached()).isEqualTo(3);
    Look last = claim(limits, 8, Set.of());
    assertThat(endpoints(last)).containsExactly(9L, 9L, 10L);
    assertThat(last.reached()).isZero();
  }

  @Test
  void aLookThatEndsAmongTheOtherKindOfTargetsBeginsItsOwnAnew() {
    defer(2, -5);
    defer(2, 3);
    defer(2, 4);
    Look direct = look(2, DeferredStore.FIRST_DIRECT);
    assertThat(endpoints(direct)).containsExactly(-5L, 3L);
    assertThat(direct.reached()).isZero();
    Look active = look(2, 3);
    assertThat(endpoints(active)).containsExactly(-5L, 4L);
    assertThat(active.reached()).isZero();
  }

  @Test
  void ofTenantsThatHaveEnoughNothingIsTaken() {
    defer(2, 1);
    db.execute("UPDATE event SET tenant_id = 7");
    defer(1, 2);
    Look look = claim(limits(10L * SIZE, 2_000), 0, Set.of(7L, 8L));
    assertThat(endpoints(look)).containsExactly(2L);
    assertThat(look.withheld()).containsExactly(1L);
    assertThat(endpoints(look(10, 0))).containsExactly(1L, 1L);
  }

  /** A row that is locked is written, and hidden from the claims of other nodes. */
  @Test
  void rowsOfATenantThatHasEnoughAreNotEvenLocked() {
    db.execute(
        "INSERT INTO account (id, name) VALUES (9, 'a')",
        "INSERT INTO tenant (id, account_id, uid, name, contract) VALUES (9, 9, 't', 't', 's')",
        "INSERT INTO endpoint (id, tenant_id, url, event_type_filters) VALUES (11, 9, '', '{*}')");
    defer(2, 11);
    defer(1, 12);
    Look look = claim(limits(10L * SIZE, 2_000), 0, Set.of(9L));
    assertThat(endpoints(look)).containsExactly(12L);
    assertThat(look.withheld()).containsExactly(11L);
    assertThat(db.column("SELECT DISTINCT xmax::text FROM deferred WHERE endpoint_id = 11"))
        .containsExactly("0");
    assertThat(endpoints(look(10, 0))).containsExactly(11L, 11L);
  }

  @Test
  void aRowWhoseEventIsGoneKeepsNothingBack() {
    defer(3, 1);
    db.execute("DELETE FROM event WHERE id = (SELECT min(event_id) FROM deferred)");
    assertThat(endpoints(claim(limits(SIZE, 2_000, 1), 0, Set.of()))).isEmpty();
    assertThat(endpoints(claim(limits(SIZE, 2_000, 1), 0, Set.of()))).containsExactly(1L);
  }

  private Look look(int events, long after) {
    return claim(limits((long) events * SIZE, 2_000), after, Set.of());
  }

  private Look claim(long bytes, long after, Set<Long> full) {
    return claim(limits(bytes, 2_000), after, full);
  }

  private Look claim(Limits limits, long after, Set<Long> full) {
    return loop.run(() -> store.claim(limits, after, Map.of(), full));
  }

  private static Limits limits(long bytes, int total) {
    return limits(bytes, total, 1_000);
  }

  private static Limits limits(long bytes, int total, int perEndpoint) {
    return new Limits(
        Duration.ofMinutes(1), Duration.ofSeconds(2), perEndpoint, total, 1_000, bytes);
  }

  private static List<Long> endpoints(Look look) {
    return look.due().stream().map(Due::delivery).map(Delivery::endpointId).sorted().toList();
  }

  /** So many events of {@link #SIZE} bytes wait for an endpoint. */
  private void defer(int count, long endpoint) {
    String ids = "%d + generate_series(%d, %d)".formatted(firstId, events + 1, events + count);
    events += count;
    db.execute(
        "INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets) SELECT "
            + ids
            + ", 1, 't', 0, decode(repeat('61', %d), 'hex'), '{1}'".formatted(SIZE),
        "INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger) SELECT "
            + ids
            + ", %d, 3, now() - interval '1 min', 2".formatted(endpoint));
  }
}
