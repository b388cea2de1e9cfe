package dev.posthaste.store;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.PublicId;
import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;

/** Records in the audit log of what Posthaste does by itself, without anybody's key. */
final class OwnAudit {
  /** The account is that of the tenant; no request stands behind it. */
  private static final String WRITE =
      """
      INSERT INTO audit (id, account_id, key_id, key_name, tenant_id, action, subject, detail)
      SELECT $1, account_id, $2, $3, id, $5, $6, $7 FROM tenant WHERE id = $4
      """;

  private static final String AUTO_DISABLED = "endpoint.auto_disabled";

  private OwnAudit() {}

  /**
   * Part of the transaction that disables the endpoint.
   *
   * @param id of the record
   * @param reason such as {@code failing}
   * @param failures in a row that led to it; 0 if they did not matter
   */
  static Future<Void> disabled(
      SqlConnection tx, long id, Endpoint endpoint, String reason, int failures) {
    JsonObject detail =
        new JsonObject().put("status", Endpoint.Status.AUTO_DISABLED.code()).put("reason", reason);
    if (failures > 0) {
      detail.put("consecutiveFailures", failures);
    }
    return tx.preparedQuery(WRITE)
        .execute(
            Tuple.of(id, AuditLog.Actor.NO_KEY, AuditLog.Actor.SYSTEM, endpoint.tenantId())
                .addString(AUTO_DISABLED)
                .addString(PublicId.ENDPOINT.format(endpoint.id()))
                .addJsonObject(detail))
        .mapEmpty();
  }
}
