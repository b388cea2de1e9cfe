package dev.posthaste.store;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.Tenant;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Accounts, tenants and keys, as the operator makes them. For any event loop. */
public final class AccountStore {
  private static final String ENSURE_ACCOUNT =
      "INSERT INTO account (id, name) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";

  private static final String ACCOUNT = "SELECT id FROM account WHERE name = $1";

  private static final String INSERT_TENANT =
      """
      INSERT INTO tenant (id, account_id, uid, name, contract, catalog, org_id, env_id, validation,
        metadata)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      ON CONFLICT (account_id, uid) WHERE deleted_at IS NULL DO NOTHING
      """;

  private static final String TENANTS =
      """
      SELECT * FROM tenant WHERE account_id = $1 AND deleted_at IS NULL AND id < $2
      ORDER BY id DESC LIMIT $3
      """;

  private static final String TENANT =
      """
      SELECT * FROM tenant
      WHERE account_id = $1 AND (id = $2 OR uid = $3) AND deleted_at IS NULL
      """;

  private static final String INSERT_KEY =
      """
      INSERT INTO api_key (id, account_id, tenant_id, name, hash, permissions, scopes, expires_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
      ON CONFLICT (hash) DO NOTHING
      """;

  private static final String OPERATOR_KEYS =
      "SELECT count(*) FROM api_key WHERE tenant_id IS NULL AND revoked_at IS NULL";

  private final Database database;

  public AccountStore(Database database) {
    this.database = database;
  }

  /** The id of the account, which is made if it is not there. */
  public Future<Long> ensureAccount(long id, String name) {
    return database
        .pool()
        .preparedQuery(ENSURE_ACCOUNT)
        .execute(Tuple.of(id, name))
        .compose(done -> database.pool().preparedQuery(ACCOUNT).execute(Tuple.of(name)))
        .map(found -> found.iterator().next().getLong(0));
  }

  /** Stores a tenant; false if its uid is taken. */
  public Future<Boolean> createTenant(long accountId, Tenant tenant) {
    return createTenant(database.pool(), accountId, tenant);
  }

  /** The same, as part of the unit. */
  public Future<Boolean> createTenant(Unit unit, long accountId, Tenant tenant) {
    return createTenant(unit.connection(), accountId, tenant);
  }

  private static Future<Boolean> createTenant(SqlClient client, long accountId, Tenant tenant) {
    Tuple values =
        Tuple.of(tenant.id(), accountId, tenant.uid(), tenant.name(), tenant.contract())
            .addString(tenant.catalog().orElse(null))
            .addString(tenant.orgId().orElse(null))
            .addString(tenant.envId().orElse(null))
            .addShort((short) tenant.validation().number())
            .addString(EndpointRows.json(tenant.metadata()));
    return client.preparedQuery(INSERT_TENANT).execute(values).map(done -> done.rowCount() == 1);
  }

  /** Newest first, below the given id. */
  public Future<List<Tenant>> tenants(long accountId, long below, int limit) {
    return database
        .pool()
        .preparedQuery(TENANTS)
        .execute(Tuple.of(accountId, below, limit))
        .map(found -> found.stream().map(row -> RegistryStore.tenant(row).row()).toList());
  }

  /** A tenant by its id; or, where the id is 0, by its uid. */
  public Future<Optional<Tenant>> tenant(long accountId, long id, String uid) {
    return tenant(database.pool(), accountId, id, uid);
  }

  /** The same, as the unit sees it. */
  public Future<Optional<Tenant>> tenant(Unit unit, long accountId, long id, String uid) {
    return tenant(unit.connection(), accountId, id, uid);
  }

  private static Future<Optional<Tenant>> tenant(
      SqlClient client, long accountId, long id, String uid) {
    return client
        .preparedQuery(TENANT)
        .execute(Tuple.of(accountId, id, id == 0 ? uid : null))
        .map(found -> found.stream().map(row -> RegistryStore.tenant(row).row()).findFirst());
  }

  /**
   * Stores a key; false if this very key is there already.
   *
   * @param hash SHA-256 of its text
   */
  public Future<Boolean> createKey(ApiKey key, byte[] hash) {
    return createKey(database.pool(), key, hash);
  }

  /** The same, as part of the unit. */
  public Future<Boolean> createKey(Unit unit, ApiKey key, byte[] hash) {
    return createKey(unit.connection(), key, hash);
  }

  private static Future<Boolean> createKey(SqlClient client, ApiKey key, byte[] hash) {
    Tuple values =
        Tuple.tuple()
            .addLong(key.id())
            .addLong(key.accountId())
            .addLong(key.tenantId().isPresent() ? key.tenantId().getAsLong() : null)
            .addString(key.name())
            .addBuffer(Buffer.buffer(hash))
            .addValue(
                key.permissions().stream().map(ApiKey.Permission::code).toArray(String[]::new))
            .addValue(key.scopes().map(scopes -> scopes.toArray(String[]::new)).orElse(null))
            .addOffsetDateTime(key.expiresAt().map(EndpointRows::column).orElse(null));
    return client.preparedQuery(INSERT_KEY).execute(values).map(done -> done.rowCount() == 1);
  }

  /** Whether an operator can log in at all. */
  public Future<Boolean> hasOperatorKey() {
    return database
        .pool()
        .preparedQuery(OPERATOR_KEYS)
        .execute()
        .map(found -> found.iterator().next().getLong(0) > 0);
  }
}
