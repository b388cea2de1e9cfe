package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.Optional;

/**
 * Files in chunks. One is there for everybody else only once it is finished: chunks are written one
 * by one, each committed by itself, since a transaction that is open for as long as a client takes
 * would keep a connection, hold the feeds up and keep vacuum from the table of deferred deliveries.
 * What is never finished is deleted by whoever began it, or by the maintenance a day later. For any
 * event loop.
 */
public final class AttachmentStore {
  /** What each counts at least: small ones cost their row. */
  private static final long LEAST_BYTES = 4 * 1024;

  /** Those who begin at the same time wait for each other here, so that the sum is exact. */
  private static final String LOCK_TENANT = "SELECT 1 FROM tenant WHERE id = $1 FOR NO KEY UPDATE";

  private static final String SUM =
      """
      SELECT coalesce(sum(GREATEST(size, $2::bigint)), 0)::bigint AS used
      FROM attachment WHERE tenant_id = $1
      """;

  private static final String BEGIN =
      """
      INSERT INTO attachment (id, tenant_id, filename, content_type, size)
      VALUES ($1, $2, $3, $4, $5)
      """;

  private static final String WRITE =
      "INSERT INTO attachment_chunk (attachment_id, number, bytes) VALUES ($1, $2, $3)";

  private static final String FINISH =
      """
      UPDATE attachment SET size = $3, sha256 = $4
      WHERE tenant_id = $1 AND id = $2 AND sha256 IS NULL RETURNING *
      """;

  private static final String ABANDON = "DELETE FROM attachment WHERE id = $1 AND sha256 IS NULL";

  private static final String FIND =
      "SELECT * FROM attachment WHERE tenant_id = $1 AND id = $2 AND sha256 IS NOT NULL";

  private static final String FIND_LINKED =
      "SELECT * FROM attachment WHERE id = $1 AND sha256 IS NOT NULL";

  private static final String READ =
      "SELECT bytes FROM attachment_chunk WHERE attachment_id = $1 AND number = $2";

  private static final String DELETE =
      "DELETE FROM attachment WHERE tenant_id = $1 AND id = $2 AND sha256 IS NOT NULL";

  private final Database database;

  public AttachmentStore(Database database) {
    this.database = database;
  }

  /**
   * Begins one that may have so many bytes.
   *
   * <p>Fails with an {@link AttachmentsFullException} if the tenant has no room for them.
   *
   * @param most bytes that the tenant may have in all
   */
  public Future<Void> begin(Draft draft, long most) {
    return database
        .pool()
        .withTransaction(
            tx ->
                requireRoom(tx, draft, most)
                    .compose(
                        room ->
                            tx.preparedQuery(BEGIN)
                                .execute(
                                    Tuple.of(
                                        draft.id,
                                        draft.tenantId,
                                        draft.filename,
                                        draft.contentType,
                                        draft.size))))
        .mapEmpty();
  }

  private static Future<Void> requireRoom(SqlConnection tx, Draft draft, long most) {
    return tx.preparedQuery(LOCK_TENANT)
        .execute(Tuple.of(draft.tenantId))
        .compose(locked -> tx.preparedQuery(SUM).execute(Tuple.of(draft.tenantId, LEAST_BYTES)))
        .compose(
            sum ->
                sum.iterator().next().getLong("used") + Math.max(draft.size, LEAST_BYTES) <= most
                    ? Future.succeededFuture()
                    : Future.failedFuture(new AttachmentsFullException()));
  }

  /** Adds the next bytes; chunks are numbered from 0. */
  public Future<Void> write(long id, int number, Buffer bytes) {
    return database.pool().preparedQuery(WRITE).execute(Tuple.of(id, number, bytes)).mapEmpty();
  }

  /** Makes it there for everybody, with the size that it turned out to have. */
  public Future<Attachment> finish(Unit unit, Draft draft, long size, Buffer sha256) {
    return unit.connection()
        .preparedQuery(FINISH)
        .execute(Tuple.of(draft.tenantId, draft.id, size, sha256))
        .map(rows -> attachment(rows.iterator().next()));
  }

  /** Forgets one that was not finished; one that was stays. */
  public Future<Void> abandon(long id) {
    return database.pool().preparedQuery(ABANDON).execute(Tuple.of(id)).mapEmpty();
  }

  /** The file, unless it is another tenant's, past its retention, or was never there. */
  public Future<Optional<Attachment>> find(long tenantId, long id) {
    return find(FIND, Tuple.of(tenantId, id));
  }

  /** The same, for whoever has a link to it: whose it is, is not asked. */
  public Future<Optional<Attachment>> findLinked(long id) {
    return find(FIND_LINKED, Tuple.of(id));
  }

  private Future<Optional<Attachment>> find(String sql, Tuple values) {
    return database
        .pool()
        .preparedQuery(sql)
        .execute(values)
        .map(found -> found.stream().map(AttachmentStore::attachment).findFirst());
  }

  /** The bytes of a chunk; empty if there is no such chunk any more. */
  public Future<Optional<Buffer>> read(long id, int number) {
    return database
        .pool()
        .preparedQuery(READ)
        .execute(Tuple.of(id, number))
        .map(found -> found.stream().map(row -> row.getBuffer("bytes")).findFirst());
  }

  /** Whether it was there. */
  public Future<Boolean> delete(Unit unit, long tenantId, long id) {
    return unit.connection()
        .preparedQuery(DELETE)
        .execute(Tuple.of(tenantId, id))
        .map(done -> done.rowCount() > 0);
  }

  private static Attachment attachment(Row row) {
    return new Attachment(
        row.getLong("id"),
        row.getLong("tenant_id"),
        row.getString("filename"),
        row.getString("content_type"),
        row.getLong("size"),
        row.getBuffer("sha256"),
        row.getOffsetDateTime("created_at").toInstant());
  }

  /**
   * A file that is to be stored.
   *
   * @param size the most that it may have
   */
  public record Draft(long id, long tenantId, String filename, String contentType, long size) {}
}
