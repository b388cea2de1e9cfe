package dev.posthaste.store;

import dev.posthaste.event.Endpoint;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Reads endpoints and their secrets. Every statement names the tenant. For any event loop. */
public sealed class EndpointReader permits EndpointStore {
  static final String FIND =
      EndpointRows.SELECT + "WHERE e.tenant_id = $1 AND e.id = $2 AND e.deleted_at IS NULL";

  private static final String ID_BY_UID =
      "SELECT id FROM endpoint WHERE tenant_id = $1 AND uid = $2 AND deleted_at IS NULL";

  private static final String LIST =
      EndpointRows.SELECT
          + """
          WHERE e.tenant_id = $1 AND e.deleted_at IS NULL AND e.id < $2
            AND ($3::smallint IS NULL OR e.status = $3)
          ORDER BY e.id DESC LIMIT $4
          """;

  private static final String SECRETS =
      """
      SELECT s.id, s.sealed, s.created_at, s.valid_until
      FROM endpoint e JOIN endpoint_secret s ON s.endpoint_id = e.id
      WHERE e.tenant_id = $1 AND e.id = $2 AND e.deleted_at IS NULL
        AND (s.valid_until IS NULL OR s.valid_until > now())
      ORDER BY s.id DESC
      """;

  private final Database database;
  private final EndpointRows rows;

  public EndpointReader(Database database, Sealer sealer) {
    this.database = database;
    this.rows = new EndpointRows(sealer);
  }

  /** How rows are read and written. */
  final EndpointRows rows() {
    return rows;
  }

  /** The endpoint, unless it is another tenant's, deleted, or was never there. */
  public Future<Optional<Endpoint>> find(long tenantId, long id) {
    return find(database.pool(), FIND, tenantId, id);
  }

  /** The same, as the unit sees it. */
  public Future<Optional<Endpoint>> find(Unit unit, long tenantId, long id) {
    return find(unit.connection(), FIND, tenantId, id);
  }

  final Future<Optional<Endpoint>> find(SqlClient client, String sql, long tenantId, long id) {
    return client
        .preparedQuery(sql)
        .execute(Tuple.of(tenantId, id))
        .map(found -> found.stream().map(rows::read).findFirst());
  }

  /** The id of the endpoint that the tenant calls so. */
  public Future<Optional<Long>> idOf(long tenantId, String uid) {
    return idOf(database.pool(), tenantId, uid);
  }

  /** The same, as the unit sees it. */
  public Future<Optional<Long>> idOf(Unit unit, long tenantId, String uid) {
    return idOf(unit.connection(), tenantId, uid);
  }

  private static Future<Optional<Long>> idOf(SqlClient client, long tenantId, String uid) {
    return client
        .preparedQuery(ID_BY_UID)
        .execute(Tuple.of(tenantId, uid))
        .map(found -> found.stream().map(row -> row.getLong(0)).findFirst());
  }

  /** The secrets that sign for it, the current one first; empty if the endpoint is not there. */
  public Future<Optional<List<KeptSecret>>> secrets(long tenantId, long id) {
    return database
        .pool()
        .preparedQuery(SECRETS)
        .execute(Tuple.of(tenantId, id))
        .map(found -> found.stream().map(row -> rows.secret(id, row)).toList())
        .map(secrets -> secrets.isEmpty() ? Optional.empty() : Optional.of(secrets));
  }

  /**
   * Newest first.
   *
   * @param below only endpoints with lower ids: where the page before ended
   */
  public Future<List<Endpoint>> list(
      long tenantId, Optional<Endpoint.Status> status, long below, int limit) {
    Short number = status.map(s -> (short) s.number()).orElse(null);
    return database
        .pool()
        .preparedQuery(LIST)
        .execute(Tuple.of(tenantId, below, number, limit))
        .map(found -> found.stream().map(rows::read).toList());
  }
}
