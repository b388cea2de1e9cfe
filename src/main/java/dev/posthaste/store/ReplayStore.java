package dev.posthaste.store;

import dev.posthaste.event.DeliveryId;
import dev.posthaste.event.Event;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** Lets deliveries be made again. For any event loop. */
public final class ReplayStore {
  /**
   * A delivery that is over gets a row; one that waits goes now. One that is under way at this
   * moment is left alone, so asking twice sends once.
   */
  private static final String REPLAY =
      """
      INSERT INTO deferred AS d (event_id, endpoint_id, attempts, due_at, trigger, reason)
      SELECT e.id, $3, last.attempt_no, now(), 4, 10
      FROM event e CROSS JOIN LATERAL (
        SELECT a.attempt_no, a.outcome FROM attempt a
        WHERE a.event_id = e.id AND a.endpoint_id = $3 ORDER BY a.attempt_no DESC LIMIT 1) last
      WHERE e.tenant_id = $1 AND e.id = $2 AND last.outcome <> 2
      ON CONFLICT (event_id, endpoint_id) DO NOTHING
      """;

  /** Who asks for it now does not ask for what was dropped. */
  private static final String HASTEN =
      """
      UPDATE deferred
      SET due_at = LEAST(due_at, now()), trigger = 4, reason = 10, put_at = clock_timestamp()
      WHERE event_id = $1 AND endpoint_id = $2 AND leased_by IS NULL
      """;

  /**
   * Stores an event that stands for one that is past its retention, with its delivery, which is due
   * now; the future has the new event's id. Each call makes another one.
   */
  public Future<Long> revive(Unit unit, Event event) {
    return unit.own().revive(unit.connection(), event);
  }

  /** Makes a delivery due now. Harmless when repeated, and for one that is not there. */
  public Future<Void> replay(Unit unit, long tenantId, DeliveryId id) {
    SqlConnection tx = unit.connection();
    return tx.preparedQuery(REPLAY)
        .execute(Tuple.of(tenantId, id.eventId(), id.endpointId()))
        .compose(
            added ->
                added.rowCount() > 0
                    ? Future.succeededFuture()
                    : tx.preparedQuery(HASTEN)
                        .execute(Tuple.of(id.eventId(), id.endpointId()))
                        .mapEmpty());
  }
}
