package dev.posthaste.store;

import dev.posthaste.event.ApiKey;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The keys of an account, as operators look at them. For any event loop. */
public final class KeyStore {
  private static final String LIST =
      "SELECT * FROM api_key WHERE account_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";

  private static final String REVOKE =
      """
      UPDATE api_key SET revoked_at = coalesce(revoked_at, now()) WHERE account_id = $1 AND id = $2
      RETURNING *
      """;

  private final Database database;

  public KeyStore(Database database) {
    this.database = database;
  }

  /** Newest first, below the given id; revoked and expired ones too. */
  public Future<List<Listed>> list(long accountId, long below, int limit) {
    return database
        .pool()
        .preparedQuery(LIST)
        .execute(Tuple.of(accountId, below, limit))
        .map(found -> found.stream().map(KeyStore::listed).toList());
  }

  /** Ends a key now, unless it has ended before; empty if it was never there. */
  public Future<Optional<ApiKey>> revoke(Unit unit, long accountId, long id) {
    return unit.connection()
        .preparedQuery(REVOKE)
        .execute(Tuple.of(accountId, id))
        .map(found -> found.stream().map(row -> listed(row).key()).findFirst());
  }

  private static Listed listed(Row row) {
    return new Listed(
        RegistryStore.key(row).row().key(),
        EndpointRows.instant(row.getOffsetDateTime("revoked_at")));
  }

  /** A key and when it was revoked. */
  public record Listed(ApiKey key, Optional<Instant> revokedAt) {}
}
