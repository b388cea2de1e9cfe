package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Event;
import dev.posthaste.event.Payload;
import dev.posthaste.store.EventLog.Repeat;
import dev.posthaste.support.Await;
import dev.posthaste.support.Loop;
import dev.posthaste.support.Samples;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Events that carry an id of their publisher. */
class RepeatedKeysTest extends WithEventLog {
  @Test
  void aKeySeenBeforeNamesTheFirstEventAndStoresNothing() {
    Event first = Samples.keyed(ids.next(), "k", 1L, 2L);
    Event repeat = Samples.keyed(ids.next(), "k", 1L, 2L, 3L);
    Event other = Samples.keyed(ids.next(), "other", 1L);
    Event keyless = Samples.event(ids.next(), 1L);
    assertThat(append(List.of(first))).isEmpty();
    List<Repeat> repeats = append(List.of(other, repeat, keyless));
    assertThat(repeats)
        .containsExactly(
            new Repeat(
                repeat.id(),
                new EventLog.Original(first.id(), first.type(), first.occurredAtMillis(), 2)));
    assertThat(storedIds()).containsExactlyInAnyOrder(first.id(), other.id(), keyless.id());
  }

  @Test
  void ofOneKeyInABatchTheFirstIsStored() {
    Event first = Samples.keyed(ids.next(), "k", 1L);
    Event second = Samples.keyed(ids.next(), "k", 1L);
    Event third = Samples.keyed(ids.next(), "k", 1L);
    assertThat(append(List.of(first, second, third)))
        .extracting(Repeat::givenId, repeat -> repeat.original().id())
        .containsExactlyInAnyOrder(
            org.assertj.core.groups.Tuple.tuple(second.id(), first.id()),
            org.assertj.core.groups.Tuple.tuple(third.id(), first.id()));
    assertThat(storedIds()).containsExactly(first.id());
  }

  @Test
  void theSameKeyOfAnotherTenantIsAnotherKey() {
    Event mine = Samples.keyed(ids.next(), "k", 1L);
    Event theirs =
        new Event(
            ids.next(),
            2,
            "t",
            0,
            Optional.empty(),
            Optional.of("k"),
            Payload.of("1"),
            Optional.empty(),
            List.of());
    assertThat(append(List.of(mine, theirs))).isEmpty();
    assertThat(storedIds()).hasSize(2);
  }

  @Test
  void aKeyMayBeUsedAgainOnceItsTimeIsOver() {
    Event first = Samples.keyed(ids.next(), "k", 1L);
    append(List.of(first));
    db.execute("UPDATE event_key SET expires_at = now() - interval '1 s'");
    Event again = Samples.keyed(ids.next(), "k", 1L);
    assertThat(append(List.of(again))).isEmpty();
    Event repeat = Samples.keyed(ids.next(), "k", 1L);
    assertThat(append(List.of(repeat)))
        .extracting(found -> found.original().id())
        .containsExactly(again.id());
  }

  @Test
  void aRepeatIsARepeatEvenIfTheFirstEventIsGone() {
    Event first = Samples.keyed(ids.next(), "k", 1L);
    append(List.of(first));
    db.execute("TRUNCATE event");
    Event repeat = Samples.keyed(ids.next(), "k", 1L);
    assertThat(append(List.of(repeat)))
        .extracting(Repeat::givenId, found -> found.original().id())
        .containsExactly(org.assertj.core.groups.Tuple.tuple(repeat.id(), first.id()));
    assertThat(storedIds()).isEmpty();
  }

  @Test
  void twoLogsWithTheSameKeysInOtherOrderAcceptEachOnceAndNeverDeadlock() {
    EventLog other = log();
    Loop otherLoop = db.loop();
    List<String> keys = IntStream.range(0, 200).mapToObj(i -> "key-" + i).toList();
    List<String> backwards = new ArrayList<>(keys);
    Collections.reverse(backwards);
    for (int round = 0; round < 20; round++) {
      String prefix = round + "-";
      Future<List<Repeat>> one = loop.start(() -> log.append(events(prefix, keys)));
      Future<List<Repeat>> two = otherLoop.start(() -> other.append(events(prefix, backwards)));
      assertThat(Await.value(one).size() + Await.value(two).size()).isEqualTo(200);
    }
    assertThat(db.column("SELECT count(*) FROM event")).containsExactly("4000");
    assertThat(db.column("SELECT count(DISTINCT key) FROM event")).containsExactly("4000");
    Await.value(other.close());
  }

  private List<Event> events(String prefix, List<String> keys) {
    return keys.stream().map(key -> Samples.keyed(ids.next(), prefix + key, 1L)).toList();
  }
}
