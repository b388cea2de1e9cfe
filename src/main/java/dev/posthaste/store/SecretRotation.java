package dev.posthaste.store;

import dev.posthaste.event.SigningSecret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Puts new secrets in front of those that an owner has, in a table of secrets. Whoever calls it
 * holds the row of the owner. For any event loop.
 */
final class SecretRotation {
  private static final String END_OTHERS =
      """
      UPDATE {table}
      SET valid_until = LEAST(valid_until, now() + $2::bigint * interval '1 s')
      WHERE {owner} = $1 AND (valid_until IS NULL OR valid_until > now())
      RETURNING now() + $2::bigint * interval '1 s' AS ends
      """;

  /** Every one that is valid signs each message, so there are few. */
  private static final String END_OLDEST =
      """
      UPDATE {table} SET valid_until = now()
      WHERE id IN (SELECT id FROM {table}
                   WHERE {owner} = $1 AND valid_until > now()
                   ORDER BY id DESC OFFSET 3)
      """;

  private static final String ADD = "INSERT INTO {table} (id, {owner}, sealed) VALUES ($1, $2, $3)";

  private final Sealer sealer;
  private final String endOthers;
  private final String endOldest;
  private final String add;

  /**
   * @param owner the column that says whose they are
   */
  SecretRotation(Sealer sealer, String table, String owner) {
    this.sealer = sealer;
    this.endOthers = of(END_OTHERS, table, owner);
    this.endOldest = of(END_OLDEST, table, owner);
    this.add = of(ADD, table, owner);
  }

  private static String of(String sql, String table, String owner) {
    return sql.replace("{table}", table).replace("{owner}", owner);
  }

  /**
   * The ones before it sign until the overlap is over, unless they end earlier anyway; of those no
   * more than three are kept.
   *
   * @param overlap 0 ends them at once
   * @return when the ones before it end; empty if there are none
   */
  Future<Optional<Instant>> rotate(
      SqlConnection tx, long ownerId, long secretId, SigningSecret secret, Duration overlap) {
    Buffer sealed = Buffer.buffer(sealer.seal(secret.text(), ownerId));
    return tx.preparedQuery(endOthers)
        .execute(Tuple.of(ownerId, overlap.toSeconds()))
        .map(
            rows -> rows.stream().map(row -> row.getOffsetDateTime("ends").toInstant()).findFirst())
        .compose(ends -> tx.preparedQuery(endOldest).execute(Tuple.of(ownerId)).map(done -> ends))
        .compose(
            ends ->
                tx.preparedQuery(add)
                    .execute(Tuple.of(secretId, ownerId, sealed))
                    .map(done -> ends));
  }
}
