package dev.posthaste.store;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.SigningSecret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Changes the signing secrets of endpoints. For any event loop. */
public final class SecretStore {
  /** Also lets every node see the change: secrets travel with their endpoint. */
  private static final String TOUCH =
      """
      UPDATE endpoint SET updated_at = now()
      WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL
      """;

  private static final String END_OTHERS =
      """
      UPDATE endpoint_secret
      SET valid_until = LEAST(valid_until, now() + $2::bigint * interval '1 s')
      WHERE endpoint_id = $1 AND (valid_until IS NULL OR valid_until > now())
      RETURNING now() + $2::bigint * interval '1 s' AS ends
      """;

  /** Every one that is valid signs each message, so there are few. */
  private static final String END_OLDEST =
      """
      UPDATE endpoint_secret SET valid_until = now()
      WHERE id IN (SELECT id FROM endpoint_secret
                   WHERE endpoint_id = $1 AND valid_until > now()
                   ORDER BY id DESC OFFSET 3)
      """;

  private static final String ADD =
      "INSERT INTO endpoint_secret (id, endpoint_id, sealed) VALUES ($1, $2, $3)";

  private final Sealer sealer;

  public SecretStore(Sealer sealer) {
    this.sealer = sealer;
  }

  /** Those of tenants, for destinations that events bring. */
  public TenantSecretStore ofTenants() {
    return new TenantSecretStore(sealer);
  }

  /**
   * Puts a new secret in front. The ones before it sign until the overlap is over, unless they end
   * earlier anyway; of those no more than three are kept.
   *
   * @param overlap 0 ends them at once
   * @return when the ones before it end; empty if the endpoint is gone
   */
  public Future<Optional<Instant>> rotate(
      Unit unit, Endpoint endpoint, long secretId, SigningSecret secret, Duration overlap) {
    SqlConnection tx = unit.connection();
    long id = endpoint.id();
    return tx.preparedQuery(TOUCH)
        .execute(Tuple.of(endpoint.tenantId(), id))
        .compose(
            touched ->
                touched.rowCount() == 0
                    ? Future.succeededFuture(Optional.empty())
                    : replace(tx, id, overlap)
                        .compose(ends -> add(tx, id, secretId, secret, ends)));
  }

  private static Future<Instant> replace(SqlConnection tx, long endpointId, Duration overlap) {
    return tx.preparedQuery(END_OTHERS)
        .execute(Tuple.of(endpointId, overlap.toSeconds()))
        .map(rows -> rows.iterator().next().getOffsetDateTime("ends").toInstant())
        .compose(
            ends -> tx.preparedQuery(END_OLDEST).execute(Tuple.of(endpointId)).map(done -> ends));
  }

  private Future<Optional<Instant>> add(
      SqlConnection tx, long endpointId, long secretId, SigningSecret secret, Instant ends) {
    Buffer sealed = Buffer.buffer(sealer.seal(secret.text(), endpointId));
    return tx.preparedQuery(ADD)
        .execute(Tuple.of(secretId, endpointId, sealed))
        .map(done -> Optional.of(ends));
  }
}
