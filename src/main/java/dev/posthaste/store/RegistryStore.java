package dev.posthaste.store;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.CatalogOverlay;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.Validation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what changed of tenants, keys, endpoints and catalogs. For any event loop. */
public final class RegistryStore {
  private static final String HORIZON =
      "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon";

  private static final String TENANTS = "SELECT * FROM tenant WHERE revision >= $1";
  private static final String KEYS = "SELECT * FROM api_key WHERE revision >= $1";

  /** Every change of an entry changes the revision of its catalog, so each comes as a whole. */
  private static final String CATALOGS =
      """
      SELECT c.name, c.whole, c.deleted_at, array_agg(e.type) AS types,
        array_agg(e.entry) AS entries
      FROM catalog c LEFT JOIN catalog_entry e ON e.account_id = c.account_id AND e.catalog = c.name
      WHERE c.revision >= $1 GROUP BY c.account_id, c.name
      """;

  private static final String ENDPOINTS = EndpointRows.SELECT + "WHERE e.revision >= $1";

  private final Database database;
  private final EndpointRows rows;

  public RegistryStore(Database database, Sealer sealer) {
    this.database = database;
    this.rows = new EndpointRows(sealer);
  }

  /**
   * What was written by transactions from {@code since} on. Rows may come again that came before.
   *
   * @param since 0 for everything, then the horizon of the answer before: the oldest transaction
   *     that was still open, so that nothing that commits late is missed
   */
  public Future<Changes> changes(long since) {
    return database
        .pool()
        .withConnection(
            connection ->
                connection
                    .preparedQuery(HORIZON)
                    .execute()
                    .compose(
                        horizon -> read(connection, since, horizon.iterator().next().getLong(0))));
  }

  private Future<Changes> read(SqlConnection connection, long since, long horizon) {
    var tenants = connection.preparedQuery(TENANTS).execute(Tuple.of(since));
    var keys = connection.preparedQuery(KEYS).execute(Tuple.of(since));
    var endpoints = connection.preparedQuery(ENDPOINTS).execute(Tuple.of(since));
    var catalogs = connection.preparedQuery(CATALOGS).execute(Tuple.of(since));
    return Future.all(tenants, keys, endpoints, catalogs)
        .map(
            all ->
                new Changes(
                    horizon,
                    tenants.result().stream().map(RegistryStore::tenant).toList(),
                    keys.result().stream().map(RegistryStore::key).toList(),
                    endpoints.result().stream().map(this::endpoint).toList(),
                    catalogs.result().stream().map(CatalogRows::overlay).toList()));
  }

  static Change<Tenant> tenant(Row row) {
    Tenant tenant =
        new Tenant(
            row.getLong("id"),
            row.getString("uid"),
            row.getString("name"),
            row.getString("contract"),
            Optional.ofNullable(row.getString("catalog")),
            Optional.ofNullable(row.getString("org_id")),
            Optional.ofNullable(row.getString("env_id")),
            Validation.of(row.getShort("validation")),
            EndpointRows.strings(row.getString("metadata")));
    return new Change<>(tenant, row.getOffsetDateTime("deleted_at") != null);
  }

  static Change<StoredKey> key(Row row) {
    Set<ApiKey.Permission> permissions =
        Arrays.stream(row.getArrayOfStrings("permissions"))
            .flatMap(code -> ApiKey.Permission.of(code).stream())
            .collect(Collectors.toUnmodifiableSet());
    Long tenant = row.getLong("tenant_id");
    ApiKey key =
        new ApiKey(
            row.getLong("id"),
            row.getLong("account_id"),
            tenant == null ? OptionalLong.empty() : OptionalLong.of(tenant),
            row.getString("name"),
            permissions,
            Optional.ofNullable(row.getArrayOfStrings("scopes")).map(Set::of),
            EndpointRows.instant(row.getOffsetDateTime("expires_at")));
    return new Change<>(
        new StoredKey(key, row.getBuffer("hash")), row.getOffsetDateTime("revoked_at") != null);
  }

  private Change<Endpoint> endpoint(Row row) {
    return new Change<>(rows.read(row), row.getOffsetDateTime("deleted_at") != null);
  }

  /**
   * What changed.
   *
   * @param horizon where the next look begins
   */
  public record Changes(
      long horizon,
      List<Change<Tenant>> tenants,
      List<Change<StoredKey>> keys,
      List<Change<Endpoint>> endpoints,
      List<Change<CatalogOverlay>> catalogs) {}

  /** A row as it is now, or the word that it is gone. */
  public record Change<T>(T row, boolean gone) {}

  /** A key and the SHA-256 of its text. */
  public record StoredKey(ApiKey key, Buffer hash) {}
}
