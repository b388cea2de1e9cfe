package dev.posthaste.store;

import dev.posthaste.store.Job.State;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;

/** Jobs, as clients make, see and cancel them. For any event loop. */
public final class JobStore {
  private static final String INSERT =
      """
      INSERT INTO job (id, tenant_id, endpoint_id, kind, picks, first_event, last_event, cursor,
        key_id, key_name)
      VALUES ($1, $2, $3, 1, $4, $5::bigint, $6, $5::bigint - 1, $7, $8)
      ON CONFLICT (endpoint_id) WHERE state IN (1, 2) DO NOTHING
      RETURNING *
      """;

  private static final String ACTIVE =
      "SELECT * FROM job WHERE endpoint_id = $1 AND state IN (1, 2)";

  private static final String FIND = "SELECT * FROM job WHERE tenant_id = $1 AND id = $2";

  private static final String FIND_TO_CHANGE = FIND + " FOR UPDATE";

  private static final String LIST =
      """
      SELECT * FROM job
      WHERE tenant_id = $1 AND id < $2 AND ($3::bigint IS NULL OR endpoint_id = $3)
      ORDER BY id DESC LIMIT $4
      """;

  private static final String END = "UPDATE job SET state = $2, ended_at = now() WHERE id = $1";

  /**
   * What waits for it and was not tried yet. A delivery whose replay has failed and is retried is
   * under way: without its row nobody would bring it to an end.
   */
  private static final String WITHDRAW =
      """
      WITH gone AS (
        DELETE FROM job_delivery WHERE job_id = $1 RETURNING event_id, missed
      ), withdrawn AS (
        DELETE FROM deferred d USING gone
        WHERE d.event_id = gone.event_id AND d.endpoint_id = $2 AND d.leased_by IS NULL
          AND d.trigger = 4
          AND NOT EXISTS (SELECT 1 FROM attempt a
            WHERE a.event_id = gone.event_id AND a.endpoint_id = $2 AND a.attempt_no = d.attempts
              AND a.outcome = 2)
        RETURNING d.event_id, gone.missed
      )
      DELETE FROM added_target t USING withdrawn
      WHERE withdrawn.missed AND t.event_id = withdrawn.event_id AND t.endpoint_id = $2
      """;

  private final Database database;

  public JobStore(Database database) {
    this.database = database;
  }

  /** Stores a new job, of which id, tenant, endpoint, picks, range and creator count. */
  public Future<Created> create(Unit unit, Job job) {
    Tuple values =
        Tuple.of(job.id(), job.tenantId(), job.endpointId(), (short) job.picks().number())
            .addLong(job.range().first())
            .addLong(job.range().last())
            .addLong(job.createdBy().keyId())
            .addString(job.createdBy().keyName());
    return unit.connection()
        .preparedQuery(INSERT)
        .execute(values)
        .compose(
            rows ->
                rows.size() == 1
                    ? Future.succeededFuture(new Created.Fresh(job(rows.iterator().next())))
                    : other(unit, job.endpointId()));
  }

  private static Future<Created> other(Unit unit, long endpointId) {
    return unit.connection()
        .preparedQuery(ACTIVE)
        .execute(Tuple.of(endpointId))
        .map(rows -> new Created.Busy(rows.stream().map(row -> row.getLong("id")).findFirst()));
  }

  /** The job, unless it is another tenant's or was never there. */
  public Future<Optional<Job>> find(long tenantId, long id) {
    return database
        .pool()
        .preparedQuery(FIND)
        .execute(Tuple.of(tenantId, id))
        .map(found -> found.stream().map(JobStore::job).findFirst());
  }

  /**
   * Newest first.
   *
   * @param below only jobs with lower ids: where the page before ended
   */
  public Future<List<Job>> list(long tenantId, Optional<Long> endpointId, long below, int limit) {
    return database
        .pool()
        .preparedQuery(LIST)
        .execute(Tuple.of(tenantId, below).addLong(endpointId.orElse(null)).addInteger(limit))
        .map(found -> found.stream().map(JobStore::job).toList());
  }

  /**
   * Ends a job of which there may be more to do, and takes back what waits for it; what is under
   * way comes to its end. Empty if the job was never there.
   */
  public Future<Optional<Canceled>> cancel(Unit unit, long tenantId, long id) {
    return find(unit, FIND_TO_CHANGE, tenantId, id)
        .compose(
            found ->
                found.isEmpty() || !found.get().state().isActive()
                    ? Future.succeededFuture(found.map(job -> new Canceled(job, false)))
                    : end(unit, found.get(), State.CANCELED)
                        .compose(ended -> find(unit, FIND, tenantId, id))
                        .map(after -> after.map(job -> new Canceled(job, true))));
  }

  private static Future<Optional<Job>> find(Unit unit, String sql, long tenantId, long id) {
    return unit.connection()
        .preparedQuery(sql)
        .execute(Tuple.of(tenantId, id))
        .map(found -> found.stream().map(JobStore::job).findFirst());
  }

  /** Ends a job whose row the unit has locked. */
  static Future<Void> end(Unit unit, Job job, State state) {
    return unit.connection()
        .preparedQuery(END)
        .execute(Tuple.of(job.id(), (short) state.number()))
        .compose(ended -> ended.rowCount() == 0 ? Future.succeededFuture() : withdraw(unit, job));
  }

  private static Future<Void> withdraw(Unit unit, Job job) {
    return unit.connection()
        .preparedQuery(WITHDRAW)
        .execute(Tuple.of(job.id(), job.endpointId()))
        .mapEmpty();
  }

  static Job job(Row row) {
    return new Job(
        row.getLong("id"),
        row.getLong("tenant_id"),
        row.getLong("endpoint_id"),
        Job.Picks.of(row.getShort("picks")),
        new Job.Range(row.getLong("first_event"), row.getLong("last_event")),
        State.of(row.getShort("state")),
        row.getLong("cursor"),
        Optional.ofNullable(row.getLong("total")),
        new Job.Counts(row.getLong("queued"), row.getLong("delivered"), row.getLong("failed")),
        new Job.Creator(row.getLong("key_id"), row.getString("key_name")),
        row.getOffsetDateTime("created_at").toInstant(),
        EndpointRows.instant(row.getOffsetDateTime("ended_at")));
  }

  /**
   * A job that is over.
   *
   * @param now whether it was ended just now
   */
  public record Canceled(Job job, boolean now) {}

  /** What became of the wish for a job. */
  public sealed interface Created {
    /** It is there. */
    record Fresh(Job job) implements Created {}

    /**
     * The endpoint has one already.
     *
     * @param job its id, unless it has just ended
     */
    record Busy(Optional<Long> job) implements Created {}
  }
}
