package dev.posthaste.store;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Reply;
import io.vertx.core.Future;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.Tuple;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Records what became of attempts. One per event loop, used on that loop only. Everything it writes
 * can be written again without harm, so a batch whose commit is in doubt is simply repeated.
 */
public final class OutcomeLog {
  private static final String ATTEMPTS =
      """
      INSERT INTO attempt (event_id, endpoint_id, attempt_no, outcome, trigger, http_status, reason,
                           latency_us, address, response, at_ms)
      SELECT unnest($1::bigint[]), unnest($2::bigint[]), unnest($3::integer[]),
             unnest($4::smallint[]), unnest($5::smallint[]), unnest($6::smallint[]),
             unnest($7::smallint[]), unnest($8::integer[]), unnest($9::text[]),
             unnest($10::text[]), unnest($11::bigint[])
      """;

  /**
   * Costs more per row than the plain insert, which is why that one is tried first. Two copies of a
   * delivery may have made the same attempt: the end of it is never lost to a word that it goes on.
   */
  private static final String ATTEMPTS_AGAIN =
      "INSERT INTO attempt AS a"
          + ATTEMPTS.substring("INSERT INTO attempt".length())
          + """
            ON CONFLICT (event_id, endpoint_id, attempt_no) DO UPDATE
              SET outcome = excluded.outcome, trigger = excluded.trigger,
                  http_status = excluded.http_status, reason = excluded.reason,
                  latency_us = excluded.latency_us, address = excluded.address,
                  response = excluded.response, at_ms = excluded.at_ms
              WHERE a.outcome = 2 AND excluded.outcome <> 2
            """;

  private static final String UNIQUE_VIOLATION = "23505";

  /**
   * Deferral renews a row that stands for the delivery already: it waits again, for nobody. What is
   * due at once keeps the place that it had. A place is a time by the clock of a node, which may be
   * ahead: nothing waits for that.
   */
  private static final String EVERYTHING =
      "WITH recorded AS ("
          + ATTEMPTS_AGAIN
          + """
          ), released AS (
            DELETE FROM deferred d USING unnest($12::bigint[], $13::bigint[]) AS r(event_id, endpoint_id)
            WHERE d.event_id = r.event_id AND d.endpoint_id = r.endpoint_id
          )
          INSERT INTO deferred AS d (event_id, endpoint_id, attempts, due_at, trigger, reason)
          SELECT event_id, endpoint_id, attempts,
                 CASE WHEN place_ms IS NULL THEN now() + delay_ms * interval '1 ms'
                      ELSE LEAST(now(), 'epoch'::timestamptz + place_ms * interval '1 ms') END,
                 trigger, reason
          FROM unnest($14::bigint[], $15::bigint[], $16::integer[], $17::bigint[], $18::bigint[],
                      $19::smallint[], $20::smallint[])
            AS p(event_id, endpoint_id, attempts, delay_ms, place_ms, trigger, reason)
          ON CONFLICT (event_id, endpoint_id) DO UPDATE
            SET attempts = GREATEST(d.attempts, excluded.attempts), trigger = excluded.trigger, reason = excluded.reason,
                due_at = CASE WHEN excluded.due_at > now() THEN excluded.due_at
                              ELSE LEAST(d.due_at, excluded.due_at) END,
                leased_by = NULL, leased_until = NULL
          """;

  private final HeldConnection connection;

  public OutcomeLog(Database database) {
    this.connection = database.hold(open -> Future.succeededFuture());
  }

  /**
   * Commits, together: attempts, the end of deferred rows, and new or renewed deferred rows. A
   * delivery may come more than once, since a lease that runs out brings it a second time: what is
   * released is not deferred, and of several deferrals the last one counts.
   *
   * <p>Ordered deliveries are put off by a statement that follows: a key may go on elsewhere only
   * once its last attempt is on record.
   */
  public Future<Void> record(
      List<Attempt> attempts, List<DeliveryId> released, List<Deferral> given) {
    List<Deferral> deferrals = onePerDelivery(released, given);
    List<Deferral> ordered = deferrals.stream().filter(OrderedDeferrals::isOrdered).toList();
    if (ordered.isEmpty()) {
      return recordUnordered(attempts, released, deferrals);
    }
    List<Deferral> others =
        deferrals.stream().filter(deferral -> !OrderedDeferrals.isOrdered(deferral)).toList();
    return recordUnordered(attempts, released, others)
        .compose(v -> connection.run(OrderedDeferrals.RENEW, OrderedDeferrals.columns(ordered)))
        .mapEmpty();
  }

  private Future<Void> recordUnordered(
      List<Attempt> attempts, List<DeliveryId> released, List<Deferral> deferrals) {
    if (released.isEmpty() && deferrals.isEmpty()) {
      return append(attempts);
    }
    Tuple values = attemptColumns(onePerAttempt(attempts));
    values
        .addValue(Columns.longs(released, DeliveryId::eventId))
        .addValue(Columns.longs(released, DeliveryId::endpointId))
        .addValue(Columns.longs(deferrals, deferral -> deferral.delivery().eventId()))
        .addValue(Columns.longs(deferrals, deferral -> deferral.delivery().endpointId()))
        .addValue(Columns.ints(deferrals, Deferral::attempts))
        .addValue(Columns.longs(deferrals, deferral -> deferral.delay().toMillis()))
        .addValue(Columns.longs(deferrals, OutcomeLog::place))
        .addValue(shorts(deferrals.stream().map(d -> d.trigger().number()).toList()))
        .addValue(shorts(deferrals.stream().map(d -> d.reason().number()).toList()));
    return connection.run(EVERYTHING, values).mapEmpty();
  }

  /**
   * An attempt may be recorded already: by this node before its connection broke, or by another.
   */
  private Future<Void> append(List<Attempt> attempts) {
    Tuple values = attemptColumns(attempts);
    return connection
        .run(ATTEMPTS, values)
        .recover(
            e ->
                e instanceof PgException known && UNIQUE_VIOLATION.equals(known.getSqlState())
                    ? connection.run(ATTEMPTS_AGAIN, attemptColumns(onePerAttempt(attempts)))
                    : Future.failedFuture(e))
        .mapEmpty();
  }

  /** One statement cannot touch a row twice; of two the one that ends the delivery counts. */
  private static List<Attempt> onePerAttempt(List<Attempt> attempts) {
    Map<String, Attempt> one = new LinkedHashMap<>();
    for (Attempt attempt : attempts) {
      one.merge(
          attempt.delivery() + "#" + attempt.number(),
          attempt,
          (first, second) -> first.outcome().isFinal() ? first : second);
    }
    return List.copyOf(one.values());
  }

  /** One statement cannot touch a row twice. */
  private static List<Deferral> onePerDelivery(List<DeliveryId> released, List<Deferral> given) {
    if (given.isEmpty()) {
      return given;
    }
    Map<DeliveryId, Deferral> last = new LinkedHashMap<>();
    given.forEach(deferral -> last.put(deferral.delivery(), deferral));
    released.forEach(last::remove);
    return List.copyOf(last.values());
  }

  public Future<Void> close() {
    return connection.close();
  }

  private static Tuple attemptColumns(List<Attempt> attempts) {
    return Tuple.tuple()
        .addValue(Columns.longs(attempts, attempt -> attempt.delivery().eventId()))
        .addValue(Columns.longs(attempts, attempt -> attempt.delivery().endpointId()))
        .addValue(Columns.ints(attempts, Attempt::number))
        .addValue(Columns.of(attempts, Short[]::new, attempt -> (short) attempt.outcome().number()))
        .addValue(Columns.of(attempts, Short[]::new, attempt -> (short) attempt.trigger().number()))
        .addValue(Columns.of(attempts, Short[]::new, OutcomeLog::status))
        .addValue(Columns.of(attempts, Short[]::new, OutcomeLog::reason))
        .addValue(Columns.ints(attempts, OutcomeLog::latency))
        .addValue(
            Columns.texts(
                attempts, attempt -> attempt.reply().flatMap(Reply::address).orElse(null)))
        .addValue(Columns.texts(attempts, OutcomeLog::response))
        .addValue(Columns.longs(attempts, Attempt::startedAtMillis));
  }

  private static Long place(Deferral deferral) {
    return deferral.placeMillis().isPresent() ? deferral.placeMillis().getAsLong() : null;
  }

  private static Short[] shorts(List<Integer> numbers) {
    return Columns.of(numbers, Short[]::new, Integer::shortValue);
  }

  private static Short status(Attempt attempt) {
    return attempt.reply().orElse(null) instanceof Reply.Answered answered
        ? (short) answered.status()
        : null;
  }

  private static Short reason(Attempt attempt) {
    return attempt.reply().orElse(null) instanceof Reply.Unanswered unanswered
        ? (short) unanswered.reason().number()
        : null;
  }

  private static Integer latency(Attempt attempt) {
    long micros = attempt.reply().map(Reply::latencyMicros).orElse(0L);
    return (int) Math.min(Integer.MAX_VALUE, micros);
  }

  /** PostgreSQL's text holds every character but NUL. */
  private static String response(Attempt attempt) {
    return attempt.reply().orElse(null) instanceof Reply.Answered answered
            && !answered.excerpt().isEmpty()
        ? answered.excerpt().replace('\0', '\ufffd')
        : null;
  }
}
