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
 * Changes the secrets of tenants, which sign deliveries to destinations that events bring. For any
 * event loop.
 */
public final class TenantSecretStore {
  /** Lets every node see the change, and makes those that come together wait for each other. */
  private static final String TOUCH =
      "UPDATE tenant SET updated_at = now() WHERE id = $1 AND deleted_at IS NULL";

  private static final String CURRENT =
      "SELECT sealed FROM tenant_secret WHERE tenant_id = $1 ORDER BY id DESC LIMIT 1";

  private static final String END_OTHERS =
      """
      UPDATE tenant_secret
      SET valid_until = LEAST(valid_until, now() + $2::bigint * interval '1 s')
      WHERE tenant_id = $1 AND (valid_until IS NULL OR valid_until > now())
      RETURNING now() + $2::bigint * interval '1 s' AS ends
      """;

  /** Every one that is valid signs each message, so there are few. */
  private static final String END_OLDEST =
      """
      UPDATE tenant_secret SET valid_until = now()
      WHERE id IN (SELECT id FROM tenant_secret
                   WHERE tenant_id = $1 AND valid_until > now()
                   ORDER BY id DESC OFFSET 3)
      """;

  private static final String ADD =
      "INSERT INTO tenant_secret (id, tenant_id, sealed) VALUES ($1, $2, $3)";

  private final Sealer sealer;

  TenantSecretStore(Sealer sealer) {
    this.sealer = sealer;
  }

  /** Whether the tenant is there; until the unit ends nobody else changes its secrets. */
  public Future<Boolean> hold(Unit unit, long tenantId) {
    return unit.connection()
        .preparedQuery(TOUCH)
        .execute(Tuple.of(tenantId))
        .map(touched -> touched.rowCount() > 0);
  }

  /** The secret that was made last, if one was. */
  public Future<Optional<String>> current(Unit unit, long tenantId) {
    return unit.connection()
        .preparedQuery(CURRENT)
        .execute(Tuple.of(tenantId))
        .map(
            rows ->
                rows.stream()
                    .map(row -> sealer.open(row.getBuffer("sealed").getBytes(), tenantId))
                    .findFirst());
  }

  /**
   * Puts a new secret in front, of a tenant that the unit {@link #hold}s. The ones before it sign
   * until the overlap is over, unless they end earlier anyway; of those no more than three are
   * kept.
   *
   * @param overlap 0 ends them at once
   * @return when the ones before it end; empty if there are none
   */
  public Future<Optional<Instant>> rotate(
      Unit unit, long tenantId, long secretId, SigningSecret secret, Duration overlap) {
    SqlConnection tx = unit.connection();
    return tx.preparedQuery(END_OTHERS)
        .execute(Tuple.of(tenantId, overlap.toSeconds()))
        .map(
            rows -> rows.stream().map(row -> row.getOffsetDateTime("ends").toInstant()).findFirst())
        .compose(ends -> tx.preparedQuery(END_OLDEST).execute(Tuple.of(tenantId)).map(done -> ends))
        .compose(
            ends ->
                tx.preparedQuery(ADD)
                    .execute(
                        Tuple.of(
                            secretId,
                            tenantId,
                            Buffer.buffer(sealer.seal(secret.text(), tenantId))))
                    .map(done -> ends));
  }
}
