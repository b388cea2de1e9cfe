package dev.posthaste.store;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.SigningSecret;
import io.vertx.core.Future;
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

  private final Sealer sealer;
  private final SecretRotation rotation;

  public SecretStore(Sealer sealer) {
    this.sealer = sealer;
    this.rotation = new SecretRotation(sealer, "endpoint_secret", "endpoint_id");
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
                    : rotation.rotate(tx, id, secretId, secret, overlap));
  }
}
