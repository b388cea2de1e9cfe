package dev.posthaste.store;

import dev.posthaste.event.Attempt;
import dev.posthaste.event.Deferral;
import dev.posthaste.event.Event;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Appends events that Posthaste makes itself, in the transaction of what they tell of. Each comes
 * with a deferred row per target, due now, so it is settled from birth: no watermark has to wait
 * for it, and a crash loses nothing.
 */
final class OwnEvents {
  /** $1 to $6: a column of events each, the targets as array literals; $7 trigger, $8 reason. */
  private static final String APPEND =
      """
      WITH given AS (
        SELECT unnest($1::bigint[]) AS id, unnest($2::bigint[]) AS tenant_id,
               unnest($3::text[]) AS type, unnest($4::bigint[]) AS occurred_at_ms,
               unnest($5::bytea[]) AS data, unnest($6::text[])::bigint[] AS targets
      ), stored AS (
        INSERT INTO event (id, tenant_id, type, occurred_at_ms, data, targets)
        SELECT id, tenant_id, type, occurred_at_ms, data, targets FROM given
      )
      INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, reason)
      SELECT id, unnest(targets), 0, now(), $7, $8 FROM given
      """;

  private final Fence fence;

  /**
   * @param fence the node that makes the ids of the events
   */
  OwnEvents(Fence fence) {
    this.fence = fence;
  }

  /**
   * Part of the transaction of {@code tx}; nothing to do for an empty list.
   *
   * <p>Fails with a {@link FencedException} if the node was taken over: another may make the same
   * ids.
   */
  Future<Void> append(SqlConnection tx, List<Event> events) {
    if (events.isEmpty()) {
      return Future.succeededFuture();
    }
    Tuple values =
        Tuple.tuple()
            .addValue(Columns.longs(events, Event::id))
            .addValue(Columns.longs(events, Event::tenantId))
            .addValue(Columns.texts(events, Event::type))
            .addValue(Columns.longs(events, Event::occurredAtMillis))
            .addValue(Columns.of(events, Buffer[]::new, e -> Buffer.buffer(e.data().bytes())))
            .addValue(Columns.texts(events, event -> arrayLiteral(event.targets())))
            .addShort((short) Attempt.Trigger.LIVE.number())
            .addShort((short) Deferral.Reason.OURS.number());
    return fence
        .passInside(tx)
        .compose(passed -> tx.preparedQuery(APPEND).execute(values))
        .mapEmpty();
  }

  private static String arrayLiteral(List<Long> targets) {
    return targets.stream().map(String::valueOf).collect(Collectors.joining(",", "{", "}"));
  }
}
