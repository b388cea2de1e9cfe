package dev.posthaste.store;

/**
 * The one statement of recovery: each target of an event that has neither a final attempt nor a
 * deferred row becomes a deferred row that is due now.
 *
 * <p>Both are looked for in one snapshot, and not only by the conflict: an ordered target has its
 * row from the start, until its final attempt is written in its place. Whenever this looks it finds
 * one of the two, so it never gives such a target a row without a place.
 */
final class Recovery {
  private static final String UNSETTLED =
      """
      INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, reason)
      SELECT e.id, target.endpoint_id, coalesce(made.attempts, 0), now(), 3, 2
      FROM event e
      CROSS JOIN LATERAL unnest(e.targets) AS target(endpoint_id)
      LEFT JOIN LATERAL (
        SELECT max(a.attempt_no) AS attempts, bool_or(a.outcome <> 2) AS is_final
        FROM attempt a
        WHERE a.event_id = e.id AND a.endpoint_id = target.endpoint_id
      ) made ON true
      WHERE made.is_final IS NOT TRUE AND NOT EXISTS (
        SELECT 1 FROM deferred d WHERE d.event_id = e.id AND d.endpoint_id = target.endpoint_id)
      """;

  /** $1: ids of events. */
  static final String OF_EVENTS =
      UNSETTLED + " AND e.id = ANY($1::bigint[]) ON CONFLICT DO NOTHING";

  /** $1: the lowest id; $2: the node whose events they are, which stands in bits 12 to 21. */
  static final String OF_NODE =
      UNSETTLED
          + " AND e.id >= $1::bigint AND ((e.id >> 12) & 1023) = $2::bigint ON CONFLICT DO NOTHING";

  private Recovery() {}
}
