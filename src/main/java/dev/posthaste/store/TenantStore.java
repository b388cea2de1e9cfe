package dev.posthaste.store;

import dev.posthaste.event.Tenant;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;
import java.util.function.Function;

/** Changes of tenants. For any event loop. */
public final class TenantStore {
  private static final String FIND_TO_CHANGE =
      """
      SELECT * FROM tenant
      WHERE account_id = $1 AND (id = $2 OR uid = $3) AND deleted_at IS NULL FOR NO KEY UPDATE
      """;

  private static final String UPDATE =
      """
      UPDATE tenant SET name = $2, contract = $3, catalog = $4, org_id = $5, env_id = $6,
        validation = $7, metadata = $8, updated_at = now()
      WHERE id = $1
      """;

  private static final String DELETE =
      "UPDATE tenant SET deleted_at = now(), updated_at = now() WHERE id = $1";

  private static final String REVOKE_KEYS =
      "UPDATE api_key SET revoked_at = now() WHERE tenant_id = $1 AND revoked_at IS NULL";

  private final EndpointStore endpoints;

  /**
   * @param endpoints deletes those of a tenant
   */
  public TenantStore(EndpointStore endpoints) {
    this.endpoints = endpoints;
  }

  /**
   * Who is meant: a tenant by its id; or, where the id is 0, by its uid.
   *
   * @param uid without effect beside an id
   */
  public record Name(long accountId, long id, String uid) {
    Tuple tuple() {
      return Tuple.of(accountId, id, id == 0 ? uid : null);
    }
  }

  /**
   * Changes a tenant while nobody else can; empty if it is not there.
   *
   * @param change what it shall be, from what it is; fails, or throws, if it cannot be that
   */
  public Future<Optional<Changed>> change(
      Unit unit, Name name, Function<Tenant, Future<Tenant>> change) {
    SqlConnection tx = unit.connection();
    return find(tx, name)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : change.apply(found.get()).compose(after -> write(tx, found.get(), after)));
  }

  /** A tenant as it was and as it is now. */
  public record Changed(Tenant before, Tenant after) {}

  private static Future<Optional<Tenant>> find(SqlConnection tx, Name name) {
    return tx.preparedQuery(FIND_TO_CHANGE).execute(name.tuple()).map(TenantStore::first);
  }

  private static Optional<Tenant> first(RowSet<Row> found) {
    return found.stream().map(row -> RegistryStore.tenant(row).row()).findFirst();
  }

  private static Future<Optional<Changed>> write(SqlConnection tx, Tenant before, Tenant after) {
    Tuple values =
        Tuple.of(after.id(), after.name(), after.contract())
            .addString(after.catalog().orElse(null))
            .addString(after.orgId().orElse(null))
            .addString(after.envId().orElse(null))
            .addShort((short) after.validation().number())
            .addString(EndpointRows.json(after.metadata()));
    return tx.preparedQuery(UPDATE).execute(values).map(Optional.of(new Changed(before, after)));
  }

  /**
   * Marks a tenant and its endpoints deleted and revokes its keys; empty if it is not there. What
   * was accepted for it stays.
   *
   * @param check throws if it may not be deleted
   */
  public Future<Optional<Tenant>> delete(Unit unit, Name name, Function<Tenant, Tenant> check) {
    SqlConnection tx = unit.connection();
    return find(tx, name)
        .map(found -> found.map(check))
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(found)
                    : delete(unit, found.get().id()).map(found));
  }

  private Future<Void> delete(Unit unit, long id) {
    SqlConnection tx = unit.connection();
    return tx.preparedQuery(DELETE)
        .execute(Tuple.of(id))
        .compose(done -> tx.preparedQuery(REVOKE_KEYS).execute(Tuple.of(id)))
        .compose(done -> endpoints.deleteAll(unit, id));
  }
}
