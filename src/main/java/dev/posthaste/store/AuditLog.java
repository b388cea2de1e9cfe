package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Who changed what. For any event loop. */
public final class AuditLog {
  private static final String WRITE =
      """
      INSERT INTO audit (id, account_id, key_id, key_name, tenant_id, action, subject, detail,
        request_id, address)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      """;

  private static final String LIST =
      """
      SELECT * FROM audit
      WHERE account_id = $1 AND id < $2
        AND ($3::bigint IS NULL OR tenant_id = $3)
        AND ($4::text IS NULL OR action = $4)
        AND ($5::text IS NULL OR subject = $5)
      ORDER BY id DESC LIMIT $6
      """;

  private final Database database;

  public AuditLog(Database database) {
    this.database = database;
  }

  /** Adds a record, committed with the change that it tells of. */
  public Future<Void> write(Unit unit, Entry entry) {
    Actor actor = entry.actor();
    Tuple values =
        Tuple.of(entry.id(), actor.accountId(), actor.keyId(), actor.keyName())
            .addLong(entry.tenantId().orElse(null))
            .addString(entry.action())
            .addString(entry.subject())
            .addJsonObject(entry.detail())
            .addString(actor.requestId().orElse(null))
            .addString(actor.address().orElse(null));
    return unit.connection().preparedQuery(WRITE).execute(values).mapEmpty();
  }

  /**
   * Newest first.
   *
   * @param below only records with lower ids: where the page before ended
   */
  public Future<List<Entry>> list(long accountId, Filter filter, long below, int limit) {
    Tuple values =
        Tuple.of(accountId, below)
            .addLong(filter.tenantId().orElse(null))
            .addString(filter.action().orElse(null))
            .addString(filter.subject().orElse(null))
            .addInteger(limit);
    return database
        .pool()
        .preparedQuery(LIST)
        .execute(values)
        .map(found -> found.stream().map(AuditLog::entry).toList());
  }

  private static Entry entry(Row row) {
    return new Entry(
        row.getLong("id"),
        new Actor(
            row.getLong("account_id"),
            row.getLong("key_id"),
            row.getString("key_name"),
            Optional.ofNullable(row.getString("request_id")),
            Optional.ofNullable(row.getString("address"))),
        Optional.ofNullable(row.getLong("tenant_id")),
        row.getString("action"),
        row.getString("subject"),
        row.getJsonObject("detail"));
  }

  /**
   * One change.
   *
   * @param id made when it happened
   * @param action what was done, such as {@code endpoint.created}
   * @param subject the public id of what was changed
   * @param detail what was asked for, without secrets
   */
  public record Entry(
      long id,
      Actor actor,
      Optional<Long> tenantId,
      String action,
      String subject,
      JsonObject detail) {}

  /**
   * Who did it.
   *
   * @param requestId as the client gave it
   * @param address where the request came from
   */
  public record Actor(
      long accountId,
      long keyId,
      String keyName,
      Optional<String> requestId,
      Optional<String> address) {
    /** In place of the id of a key, where Posthaste did it by itself. */
    public static final long NO_KEY = 0;

    /** Its name then. */
    public static final String SYSTEM = "system";
  }

  /** Which changes. */
  public record Filter(
      Optional<Long> tenantId, Optional<String> action, Optional<String> subject) {}
}
