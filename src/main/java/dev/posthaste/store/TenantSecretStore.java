package dev.posthaste.store;

import dev.posthaste.event.SigningSecret;
import io.vertx.core.Future;
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

  private final Sealer sealer;
  private final SecretRotation rotation;

  TenantSecretStore(Sealer sealer) {
    this.sealer = sealer;
    this.rotation = new SecretRotation(sealer, "tenant_secret", "tenant_id");
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
    return rotation.rotate(unit.connection(), tenantId, secretId, secret, overlap);
  }
}
