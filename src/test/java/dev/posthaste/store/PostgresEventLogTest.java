package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.posthaste.event.Event;
import dev.posthaste.event.OrderKey;
import dev.posthaste.event.OrderedTarget;
import dev.posthaste.event.Payload;
import dev.posthaste.event.TraceContext;
import dev.posthaste.store.EventLog.Repeat;
import dev.posthaste.support.Await;
import dev.posthaste.support.Samples;
import io.vertx.pgclient.PgException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Of events whose publisher named them, see {@link RepeatedKeysTest}. */
class PostgresEventLogTest extends WithEventLog {
  @Test
  void keepsEveryFieldAndTheDataByteForByte() {
    byte[] data = new byte[70_000];
    new Random(4).nextBytes(data);
    Event event =
        new Event(
            ids.next(),
            77,
            "vault.created",
            -5,
            Optional.of("r \u00fc \ud83d\ude00 \"'\\{},"),
            Optional.empty(),
            Payload.of(data),
            TraceContext.read(
                "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=a,other=b"),
            List.of(3L, Long.MAX_VALUE, 1L));
    assertThat(append(List.of(event))).isEmpty();
    assertThat(db.column("SELECT encode(data, 'base64') FROM event"))
        .allSatisfy(text -> assertThat(Base64.getMimeDecoder().decode(text)).isEqualTo(data));
    assertThat(
            db.column(
                "SELECT concat_ws('|', id, tenant_id, type, occurred_at_ms, resource_id, key,"
                    + " traceparent, tracestate, targets) FROM event"))
        .containsExactly(
            event.id()
                + "|77|vault.created|-5|r \u00fc \ud83d\ude00 \"'\\{},|"
                + "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01|vendor=a,other=b|{3,9223372036854775807,1}");
  }

  @Test
  void aBatchWithADestinationAlsoKeepsWhatIsOrderedAndWhatIsRepeated() {
    Event direct = direct(ids.next(), "https://client.example/", -9);
    Event ordered = Samples.keyed(ids.next(), "k", 5L);
    Event again = Samples.keyed(ids.next(), "k", 5L);
    List<OrderedTarget> targets = List.of(new OrderedTarget(ordered.id(), new OrderKey(5, "case")));
    List<Repeat> repeats = loop.run(() -> log.append(List.of(direct, ordered, again), targets));
    assertThat(repeats).extracting(Repeat::givenId).containsExactly(again.id());
    assertThat(db.column("SELECT concat_ws(' ', targets, direct_url) FROM event ORDER BY id"))
        .containsExactly("{-9} https://client.example/", "{5}");
    assertThat(db.column("SELECT event_id || order_key FROM deferred"))
        .containsExactly(ordered.id() + "case");
  }

  private static Event direct(long id, String url, long target) {
    Event plain = Samples.event(id, target);
    return new Event(
        id,
        plain.tenantId(),
        plain.type(),
        plain.occurredAtMillis(),
        plain.resourceId(),
        plain.key(),
        plain.data(),
        plain.trace(),
        plain.targets(),
        Optional.of(url),
        OptionalLong.empty());
  }

  @Test
  void eventsOfOneBatchKeepTheirOwnManyOrNoTargets() {
    Long[] many = LongStream.range(0, 5_000).boxed().toArray(Long[]::new);
    append(
        List.of(
            Samples.event(ids.next()),
            Samples.event(ids.next(), many),
            Samples.event(ids.next(), 9L)));
    assertThat(db.column("SELECT cardinality(targets) FROM event ORDER BY id"))
        .containsExactly("0", "5000", "1");
  }

  @Test
  void takesLargeBatches() {
    append(IntStream.range(0, 5_000).mapToObj(i -> Samples.event(ids.next(), 1L)).toList());
    assertThat(db.column("SELECT count(*) FROM event")).containsExactly("5000");
  }

  @Test
  void writesAllOfABatchOrNone() {
    Event first = Samples.event(ids.next(), 1L);
    append(List.of(first));
    Throwable cause =
        Await.failure(loop.start(() -> log.append(List.of(Samples.event(ids.next()), first))));
    assertThat(cause).isInstanceOf(PgException.class);
    assertThat(db.column("SELECT id FROM event")).containsExactly(Long.toString(first.id()));
  }

  @Test
  void stateOfATraceIsKeptBesideKeys() {
    Optional<TraceContext> trace =
        TraceContext.read("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", "vendor=a");
    append(
        List.of(
            Samples.traced(Samples.keyed(ids.next(), "k1", 1L), trace),
            Samples.keyed(ids.next(), "k2", 1L)));
    assertThat(db.column("SELECT key || coalesce(tracestate, '') FROM event ORDER BY key"))
        .containsExactly("k1vendor=a", "k2");
  }

  @Test
  void recoveryDefersOnlyWhatIsUnsettledAndCanBeRepeated() {
    Event open = Samples.event(ids.next(), 1L, 2L, 3L, 4L);
    append(List.of(open));
    long id = open.id();
    db.execute(
        attempt(id, 1, 1, 1),
        attempt(id, 2, 1, 2),
        attempt(id, 2, 2, 2),
        "INSERT INTO deferred VALUES (%d, 3, 5, now() + interval '1 h', 2)".formatted(id));
    loop.run(() -> log.recover(List.of(id, 12345L)));
    loop.run(() -> log.recover(List.of(id)));
    assertThat(
            db.column(
                "SELECT concat_ws('|', endpoint_id, attempts, trigger, due_at <= now()) FROM"
                    + " deferred ORDER BY endpoint_id"))
        .containsExactly("2|2|3|t", "3|5|2|f", "4|0|3|t");
  }

  @Test
  void recoveryLeavesOrderedTargetsTheirPlace() {
    Event waits = Samples.event(ids.next(), 1L);
    Event isOver = Samples.event(ids.next(), 1L);
    OrderKey key = new OrderKey(1, "");
    loop.run(
        () ->
            log.append(
                List.of(waits, isOver),
                List.of(new OrderedTarget(waits.id(), key), new OrderedTarget(isOver.id(), key))));
    db.execute(
        attempt(waits.id(), 1, 1, 2),
        attempt(isOver.id(), 1, 1, 1),
        "DELETE FROM deferred WHERE event_id = " + isOver.id());
    loop.run(() -> log.recover(List.of(waits.id(), isOver.id())));
    assertThat(db.column("SELECT event_id FROM deferred WHERE order_key = '' AND order_place > 0"))
        .containsExactly("" + waits.id());
    assertThat(db.column("SELECT count(*) FROM deferred")).containsExactly("1");
  }

  static String attempt(long event, long endpoint, int number, int outcome) {
    return "INSERT INTO attempt (event_id, endpoint_id, attempt_no, outcome, trigger, latency_us,"
        + " at_ms) VALUES (%d, %d, %d, %d, 1, 0, 0)".formatted(event, endpoint, number, outcome);
  }

  @Test
  void aLostConnectionFailsWhatWasUnderWayAndTheNextAppendWorks() {
    append(List.of(Samples.event(ids.next(), 1L)));
    db.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND pid <>"
            + " pg_backend_pid()");
    org.awaitility.Awaitility.await()
        .ignoreExceptions()
        .until(
            () -> {
              loop.start(() -> log.append(List.of(Samples.event(ids.next(), 1L))))
                  .toCompletionStage()
                  .toCompletableFuture()
                  .get();
              return true;
            });
    assertThat(sharedLocks()).isEqualTo(1);
  }

  private int sharedLocks() {
    return Integer.parseInt(
        db.column(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT"
                    + " oid FROM pg_database WHERE datname = current_database())")
            .getFirst());
  }

  @Test
  void textIsKeptAsItIs() {
    Event event = Samples.keyed(ids.next(), "\u00e9\u4e2d\ud83d\ude00", 1L);
    append(List.of(event));
    assertThat(db.column("SELECT key FROM event")).containsExactly("\u00e9\u4e2d\ud83d\ude00");
    assertThat(db.column("SELECT convert_from(data, 'UTF8') FROM event"))
        .containsExactly(new String(event.data().bytes(), StandardCharsets.UTF_8));
  }
}
