package dev.posthaste.store;

import dev.posthaste.event.Deferral;
import io.vertx.sqlclient.Tuple;
import java.util.List;

/**
 * Puts ordered deliveries off. Unlike others they are only ever renewed: a row that is gone was
 * finished by somebody else, and a new one would have no place. And only while the lease stands
 * under which they were claimed: a node that comes back late must not free rows that are leased
 * anew, or their key would be delivered twice at a time.
 */
final class OrderedDeferrals {
  static final String RENEW =
      """
      UPDATE deferred d
      SET attempts = GREATEST(d.attempts, p.attempts), due_at = now() + p.delay_ms * interval '1 ms',
          trigger = p.trigger, reason = p.reason, leased_by = NULL, leased_until = NULL
      FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::smallint[],
                  $6::smallint[], $7::bigint[])
        AS p(event_id, endpoint_id, attempts, delay_ms, trigger, reason, until_micros)
      WHERE d.event_id = p.event_id AND d.endpoint_id = p.endpoint_id
        AND (extract(epoch FROM d.leased_until) * 1000000)::bigint = p.until_micros
      """;

  private OrderedDeferrals() {}

  static boolean isOrdered(Deferral deferral) {
    return deferral.leasedUntilMicros().isPresent();
  }

  static Tuple columns(List<Deferral> ordered) {
    return Tuple.tuple()
        .addValue(Columns.longs(ordered, deferral -> deferral.delivery().eventId()))
        .addValue(Columns.longs(ordered, deferral -> deferral.delivery().endpointId()))
        .addValue(Columns.ints(ordered, Deferral::attempts))
        .addValue(Columns.longs(ordered, deferral -> deferral.delay().toMillis()))
        .addValue(Columns.of(ordered, Short[]::new, one -> (short) one.trigger().number()))
        .addValue(Columns.of(ordered, Short[]::new, one -> (short) one.reason().number()))
        .addValue(Columns.longs(ordered, one -> one.leasedUntilMicros().getAsLong()));
  }
}
