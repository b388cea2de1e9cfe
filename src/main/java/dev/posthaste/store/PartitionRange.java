package dev.posthaste.store;

import dev.posthaste.event.IdGenerator;
import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * A partition of the event or attempt log: ids from {@code low} to below {@code high}.
 *
 * @param name of its table; empty before it is made
 * @param pending whether somebody has begun to detach it and has not come to the end
 */
record PartitionRange(String name, long low, long high, boolean pending) {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("uuuuMMdd").withZone(ZoneOffset.UTC);

  private static final String LIST =
      """
      SELECT c.relname AS name, i.inhdetachpending AS pending,
        (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''?(\\d+)'))[1]::bigint AS low,
        (regexp_match(pg_get_expr(c.relpartbound, c.oid), 'TO \\(''?(\\d+)'))[1]::bigint AS high
      FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = $1::text::regclass ORDER BY low
      """;

  /** One that is not there yet. */
  static PartitionRange of(long fromMillis, long toMillis) {
    return new PartitionRange(
        "", IdGenerator.lowestAt(fromMillis), IdGenerator.lowestAt(toMillis), false);
  }

  /** Those of a table, in their order. */
  static Future<List<PartitionRange>> list(PgConnection open, String table) {
    return open.preparedQuery(LIST)
        .execute(Tuple.of(table))
        .map(
            rows ->
                rows.stream()
                    .map(
                        row ->
                            new PartitionRange(
                                row.getString("name"),
                                row.getLong("low"),
                                row.getLong("high"),
                                row.getBoolean("pending")))
                    .toList());
  }

  /** When it begins. */
  String day() {
    return DAY.format(Instant.ofEpochMilli(IdGenerator.millisOf(low)));
  }
}
