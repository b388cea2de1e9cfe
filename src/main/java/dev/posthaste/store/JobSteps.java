package dev.posthaste.store;

import dev.posthaste.store.Job.Range;
import dev.posthaste.store.Job.State;
import dev.posthaste.store.RangeStore.Candidate;
import dev.posthaste.store.RangeStore.Query;
import io.vertx.core.Future;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The steps that bring a job forward. Each is one unit that holds the job's row: who holds it works
 * on it, and a node that dies in a step has done nothing of it and frees the job at once. For any
 * event loop.
 */
public final class JobSteps {
  private static final String TAKE =
      """
      SELECT * FROM job WHERE state IN (1, 2) AND next_at <= now()
      ORDER BY next_at LIMIT 1 FOR UPDATE SKIP LOCKED
      """;

  private static final String SETTLE =
      """
      WITH over AS (
        DELETE FROM job_delivery j WHERE j.job_id = $1 AND NOT EXISTS (
          SELECT 1 FROM deferred d WHERE d.event_id = j.event_id AND d.endpoint_id = $2)
        RETURNING j.event_id
      ), counted AS (
        SELECT count(*) FILTER (WHERE last.outcome = 1) AS delivered, count(*) AS ended
        FROM over LEFT JOIN LATERAL (
          SELECT a.outcome FROM attempt a WHERE a.event_id = over.event_id AND a.endpoint_id = $2
          ORDER BY a.attempt_no DESC LIMIT 1) last ON true
      ), added AS (
        UPDATE job SET delivered = job.delivered + c.delivered,
          failed = job.failed + c.ended - c.delivered
        FROM counted c WHERE job.id = $1 AND c.ended > 0
      )
      SELECT count(*)::integer AS waiting,
        (count(*) FILTER (WHERE d.due_at <= now()))::integer AS due,
        (count(*) FILTER (WHERE d.due_at < now() - $3::bigint * interval '1 ms'))::integer AS late
      FROM job_delivery j JOIN deferred d ON d.event_id = j.event_id AND d.endpoint_id = $2
      WHERE j.job_id = $1
      """;

  /** Both inserts stand or fall with the cursor: a step is done whole or not at all. */
  private static final String QUEUE =
      """
      WITH picked AS (
        SELECT * FROM unnest($3::bigint[], $4::integer[], $5::boolean[])
          AS p(event_id, attempts, missed)
      ), put AS (
        INSERT INTO deferred (event_id, endpoint_id, attempts, due_at, trigger, reason)
        SELECT event_id, $2, attempts, now(), 4, 10 FROM picked
        ON CONFLICT (event_id, endpoint_id) DO NOTHING
        RETURNING event_id
      ), targets AS (
        INSERT INTO added_target (event_id, endpoint_id)
        SELECT event_id, $2 FROM picked JOIN put USING (event_id) WHERE missed
        ON CONFLICT DO NOTHING
      ), noted AS (
        INSERT INTO job_delivery (job_id, event_id, missed)
        SELECT $1, event_id, missed FROM picked JOIN put USING (event_id)
        ON CONFLICT DO NOTHING
      )
      UPDATE job SET cursor = $6, queued = queued + (SELECT count(*) FROM put) WHERE id = $1
      """;

  private static final String PAUSE =
      """
      UPDATE job SET state = $2, next_at = now() + $3::bigint * interval '1 ms' WHERE id = $1
      """;

  private static final String PUT_OFF =
      """
      UPDATE job SET next_at = now() + $2::bigint * interval '1 ms' WHERE id = (
        SELECT id FROM job WHERE id = $1 AND state IN (1, 2) FOR UPDATE SKIP LOCKED)
      """;

  private static final String UNCOUNTED =
      """
      SELECT * FROM job
      WHERE state = 1 AND total IS NULL AND cursor = first_event - 1 AND next_at <= now()
        AND id <> ALL ($1::bigint[])
      ORDER BY next_at LIMIT 1
      """;

  private static final String TOTAL = "UPDATE job SET total = $2 WHERE id = $1 AND total IS NULL";

  private final Database database;

  public JobSteps(Database database) {
    this.database = database;
  }

  /** The job that has waited longest for a step, held until the unit ends; empty if none has. */
  public Future<Optional<Job>> take(Unit unit) {
    return unit.connection()
        .preparedQuery(TAKE)
        .execute()
        .map(rows -> rows.stream().map(JobStore::job).findFirst());
  }

  /**
   * What a job has put up.
   *
   * @param waiting deliveries that still wait, some of them for a retry to come, or are under way
   * @param due those of them that are due
   * @param late those that have been due for long
   */
  public record Standing(int waiting, int due, int late) {}

  /**
   * Counts what is over, and says what is not.
   *
   * @param lateMillis for so long a delivery may be due without being late
   */
  public Future<Standing> settle(Unit unit, Job job, long lateMillis) {
    return unit.connection()
        .preparedQuery(SETTLE)
        .execute(Tuple.of(job.id(), job.endpointId(), lateMillis))
        .map(rows -> rows.iterator().next())
        .map(
            row ->
                new Standing(
                    row.getInteger("waiting"), row.getInteger("due"), row.getInteger("late")));
  }

  /**
   * The next events of the job's range.
   *
   * @param query what the job brings back
   */
  public Future<List<Candidate>> next(Unit unit, Job job, Query query, int events) {
    Range rest = new Range(job.cursor() + 1, job.range().last());
    return RangeStore.walk(unit, query.within(rest), events);
  }

  /**
   * Puts deliveries up, and remembers that all events up to the cursor were looked at.
   *
   * @param picked may be none
   */
  public Future<Void> queue(Unit unit, Job job, List<Candidate> picked, long cursor) {
    Tuple values =
        Tuple.of(job.id(), job.endpointId())
            .addValue(Columns.longs(picked, Candidate::eventId))
            .addValue(Columns.ints(picked, Candidate::attempts))
            .addValue(Columns.of(picked, Boolean[]::new, Candidate::missed))
            .addLong(cursor);
    return unit.connection().preparedQuery(QUEUE).execute(values).mapEmpty();
  }

  /**
   * Leaves the job alone for a while.
   *
   * @param state {@link State#RUNNING} or {@link State#PAUSED}
   */
  public Future<Void> rest(Unit unit, Job job, State state, long millis) {
    return unit.connection()
        .preparedQuery(PAUSE)
        .execute(Tuple.of(job.id(), (short) state.number(), millis))
        .mapEmpty();
  }

  /** Ends the job. What still waits for it is taken back. */
  public Future<Void> end(Unit unit, Job job, State state) {
    return JobStore.end(unit, job, state);
  }

  /** Lets it wait for its next step; one that is over, or that a node works on, stays as it is. */
  public Future<Void> putOff(long job, long millis) {
    return database.pool().preparedQuery(PUT_OFF).execute(Tuple.of(job, millis)).mapEmpty();
  }

  /**
   * A job that is about to begin and whose deliveries were not counted; empty if none is.
   *
   * @param others jobs that are left out
   */
  public Future<Optional<Job>> uncounted(Set<Long> others) {
    return database
        .pool()
        .preparedQuery(UNCOUNTED)
        .execute(Tuple.tuple().addValue(others.toArray(Long[]::new)))
        .map(rows -> rows.stream().map(JobStore::job).findFirst());
  }

  /** Remembers how many deliveries the job will make in all. */
  public Future<Void> total(Job job, long deliveries) {
    return database.pool().preparedQuery(TOTAL).execute(Tuple.of(job.id(), deliveries)).mapEmpty();
  }
}
