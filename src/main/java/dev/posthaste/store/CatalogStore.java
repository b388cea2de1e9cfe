package dev.posthaste.store;

import dev.posthaste.event.EventType;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Collection;
import java.util.List;

/**
 * What operators put over the catalogs of the files. Only writes: what is in force is read from the
 * registry. For any event loop.
 */
public final class CatalogStore {
  /** A catalog that was deleted begins anew, over the file if there is one. */
  private static final String TOUCH =
      """
      INSERT INTO catalog (account_id, name, whole) VALUES ($1, $2, false)
      ON CONFLICT (account_id, name) DO UPDATE
      SET whole = catalog.whole AND catalog.deleted_at IS NULL, deleted_at = NULL,
        updated_at = now()
      """;

  private static final String REPLACE =
      """
      INSERT INTO catalog (account_id, name, whole) VALUES ($1, $2, true)
      ON CONFLICT (account_id, name) DO UPDATE
      SET whole = true, deleted_at = NULL, updated_at = now()
      """;

  private static final String DELETE =
      """
      UPDATE catalog SET deleted_at = now(), updated_at = now()
      WHERE account_id = $1 AND name = $2 AND deleted_at IS NULL
      """;

  private static final String HOLD =
      """
      SELECT 1 FROM catalog WHERE account_id = $1 AND name = $2 AND deleted_at IS NULL FOR SHARE
      """;

  private static final String PUT =
      """
      INSERT INTO catalog_entry (account_id, catalog, type, entry) VALUES ($1, $2, $3, $4)
      ON CONFLICT (account_id, catalog, type) DO UPDATE SET entry = excluded.entry
      """;

  private static final String PUT_ALL =
      """
      INSERT INTO catalog_entry (account_id, catalog, type, entry)
      SELECT $1, $2, unnest($3::text[]), unnest($4::text[])
      """;

  private static final String CLEAR =
      "DELETE FROM catalog_entry WHERE account_id = $1 AND catalog = $2";

  private static final String USERS =
      """
      SELECT uid FROM tenant WHERE account_id = $1 AND catalog = $2 AND deleted_at IS NULL
      ORDER BY uid LIMIT $3
      """;

  /** A catalog of an account. */
  public record Key(long accountId, String name) {
    Tuple tuple() {
      return Tuple.of(accountId, name);
    }
  }

  /** Adds an event type, or puts it in the place of the one of its name. */
  public Future<Void> put(Unit unit, Key catalog, EventType type) {
    return write(unit, catalog, type.name(), CatalogRows.write(type));
  }

  /** Takes an event type out, also if it is one of a file. */
  public Future<Void> hide(Unit unit, Key catalog, String type) {
    return write(unit, catalog, type, null);
  }

  private static Future<Void> write(Unit unit, Key catalog, String type, String entry) {
    SqlConnection tx = unit.connection();
    return tx.preparedQuery(TOUCH)
        .execute(catalog.tuple())
        .compose(
            held -> tx.preparedQuery(PUT).execute(catalog.tuple().addString(type).addString(entry)))
        .mapEmpty();
  }

  /** Puts a whole catalog in the place of what was there, files included. */
  public Future<Void> replace(Unit unit, Key catalog, Collection<EventType> types) {
    SqlConnection tx = unit.connection();
    Tuple values =
        catalog
            .tuple()
            .addValue(types.stream().map(EventType::name).toArray(String[]::new))
            .addValue(types.stream().map(CatalogRows::write).toArray(String[]::new));
    return tx.preparedQuery(REPLACE)
        .execute(catalog.tuple())
        .compose(held -> tx.preparedQuery(CLEAR).execute(catalog.tuple()))
        .compose(cleared -> tx.preparedQuery(PUT_ALL).execute(values))
        .mapEmpty();
  }

  /** Drops everything that was put over or in the place of a catalog; false if there is nothing. */
  public Future<Boolean> delete(Unit unit, Key catalog) {
    SqlConnection tx = unit.connection();
    return tx.preparedQuery(DELETE)
        .execute(catalog.tuple())
        .compose(
            done ->
                tx.preparedQuery(CLEAR)
                    .execute(catalog.tuple())
                    .map(cleared -> done.rowCount() == 1));
  }

  /** Whether there is such a catalog here, files aside; if so, it stays until the unit ends. */
  public Future<Boolean> hold(Unit unit, Key catalog) {
    return unit.connection()
        .preparedQuery(HOLD)
        .execute(catalog.tuple())
        .map(found -> found.size() == 1);
  }

  /** The uids of tenants that have the catalog, the first of them. */
  public Future<List<String>> users(Unit unit, Key catalog, int limit) {
    return unit.connection()
        .preparedQuery(USERS)
        .execute(catalog.tuple().addInteger(limit))
        .map(found -> found.stream().map(row -> row.getString(0)).toList());
  }
}
