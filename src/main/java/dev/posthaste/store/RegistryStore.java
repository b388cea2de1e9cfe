package dev.posthaste.store;

import dev.posthaste.event.ApiKey;
import dev.posthaste.event.CatalogOverlay;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.SigningSecret;
import dev.posthaste.event.Tenant;
import dev.posthaste.event.Validation;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads what changed of tenants, keys, endpoints and catalogs. For any event loop. */
public final class RegistryStore {
  private static final String HORIZON =
      "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS horizon";

  /**
   * What this cluster has written and shows is always below the upper end. Above it is what came
   * out of a dump: its revisions count the transactions of another cluster. It is read at the
   * start, and again when it changes.
   */
  private static final String CHANGED =
      """
      revision >= $1 AND revision < CASE $1 WHEN 0 THEN 9223372036854775807
        ELSE pg_snapshot_xmax(pg_current_snapshot())::text::bigint END
      """;

  private static final String TENANTS = "SELECT * FROM tenant WHERE " + CHANGED;

  /** They change with the row of their tenant, never alone. */
  private static final String DIRECT_SECRETS =
      """
      SELECT t.id AS tenant_id, s.sealed, s.valid_until
      FROM tenant t JOIN tenant_secret s ON s.tenant_id = t.id
      WHERE (s.valid_until IS NULL OR s.valid_until > now()) AND %s
      ORDER BY t.id, s.id DESC
      """
          .formatted(CHANGED);

  private static final String KEYS = "SELECT * FROM api_key WHERE " + CHANGED;

  /** Every change of an entry changes the revision of its catalog, so each comes as a whole. */
  private static final String CATALOGS =
      """
      SELECT c.name, c.whole, c.deleted_at, array_agg(e.type) AS types,
        array_agg(e.entry) AS entries
      FROM catalog c LEFT JOIN catalog_entry e ON e.account_id = c.account_id AND e.catalog = c.name
      WHERE %s GROUP BY c.account_id, c.name
      """
          .formatted(CHANGED);

  private static final String ENDPOINTS = EndpointRows.SELECT + "WHERE " + CHANGED;

  private final Database database;
  private final EndpointRows rows;
  private final Sealer sealer;

  public RegistryStore(Database database, Sealer sealer) {
    this.database = database;
    this.rows = new EndpointRows(sealer);
    this.sealer = sealer;
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
    var directSecrets = connection.preparedQuery(DIRECT_SECRETS).execute(Tuple.of(since));
    return Future.all(tenants, keys, endpoints, catalogs, directSecrets)
        .map(
            all ->
                new Changes(
                    horizon,
                    tenants.result().stream().map(RegistryStore::tenant).toList(),
                    keys.result().stream().map(RegistryStore::key).toList(),
                    endpoints.result().stream().map(this::endpoint).toList(),
                    catalogs.result().stream().map(CatalogRows::overlay).toList(),
                    directSecrets(directSecrets.result())));
  }

  private Map<Long, List<SigningSecret>> directSecrets(RowSet<Row> rows) {
    Map<Long, List<SigningSecret>> secrets = new HashMap<>();
    for (Row row : rows) {
      long tenant = row.getLong("tenant_id");
      secrets
          .computeIfAbsent(tenant, id -> new ArrayList<>())
          .add(
              new SigningSecret(
                  sealer.open(row.getBuffer("sealed").getBytes(), tenant),
                  EndpointRows.instant(row.getOffsetDateTime("valid_until"))));
    }
    return secrets;
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
   * @param directSecrets of the tenants among these that have any, the current one first
   */
  public record Changes(
      long horizon,
      List<Change<Tenant>> tenants,
      List<Change<StoredKey>> keys,
      List<Change<Endpoint>> endpoints,
      List<Change<CatalogOverlay>> catalogs,
      Map<Long, List<SigningSecret>> directSecrets) {}

  /** A row as it is now, or the word that it is gone. */
  public record Change<T>(T row, boolean gone) {}

  /** A key and the SHA-256 of its text. */
  public record StoredKey(ApiKey key, Buffer hash) {}
}
