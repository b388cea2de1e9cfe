package dev.posthaste.store;

import dev.posthaste.event.EndpointNotice;
import dev.posthaste.store.Job.Picks;
import dev.posthaste.store.Job.Range;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;

/** Finds the deliveries of a range of events that can be brought back. For any event loop. */
public final class RangeStore {
  /**
   * $1 tenant, $2 endpoint, $3 and $4 ids of events, both included, $5 picks, $6 how many events,
   * $7 and $8 by which types and openings of the data events are known that tell others of the
   * endpoint: it has not missed those. A delivery that waits, or is under way, comes to its end by
   * itself. An event that stands for one past its retention was made for one endpoint: no other one
   * has missed it.
   */
  private static final String RECOVERABLE =
      """
      SELECT e.id, e.type, e.resource_id, last.attempt_no,
        NOT ($2 = ANY (e.targets)) AND last.attempt_no IS NULL AS missed,
        CASE WHEN last.outcome IS NULL THEN $5 <> 1 AND NOT ($2 = ANY (e.targets))
             WHEN last.outcome = 2 THEN false
             WHEN last.outcome = 1 THEN $5 = 3
             ELSE $5 <> 2 END
          AND NOT EXISTS (
            SELECT 1 FROM deferred d WHERE d.event_id = e.id AND d.endpoint_id = $2)
          AND NOT (e.type = ANY ($7::text[]) AND NOT ($2 = ANY (e.targets))
            AND substring(e.data FROM 1 FOR octet_length($8::bytea)) = $8::bytea) AS wanted
      FROM (SELECT * FROM event
            WHERE tenant_id = $1 AND id >= $3 AND id <= $4
              AND (stands_for IS NULL OR $2 = ANY (targets)) ORDER BY id LIMIT $6) e
      LEFT JOIN LATERAL (
        SELECT a.attempt_no, a.outcome FROM attempt a
        WHERE a.event_id = e.id AND a.endpoint_id = $2
        ORDER BY a.attempt_no DESC LIMIT 1) last ON true
      """;

  private static final String WALK = RECOVERABLE + "ORDER BY e.id";

  /** By type and, where the endpoint's scopes ask for it ($9), resource. */
  private static final String COUNT =
      "SELECT type, missed, CASE WHEN $9::boolean THEN resource_id END AS resource_id,"
          + " count(*) AS events FROM ("
          + RECOVERABLE
          + ") found WHERE wanted GROUP BY 1, 2, 3";

  private final Database database;

  public RangeStore(Database database) {
    this.database = database;
  }

  /** The events of a range, lowest id first, and how the endpoint stands with each. */
  static Future<List<Candidate>> walk(Unit unit, Query query, int events) {
    return unit.connection()
        .preparedQuery(WALK)
        .execute(query.values(events))
        .map(rows -> rows.stream().map(RangeStore::candidate).toList());
  }

  /**
   * How many deliveries there are to bring back.
   *
   * @param byResource whether what the endpoint wants depends on the resource
   * @param wants whether the endpoint would get an event of this type and resource
   */
  public Future<Long> count(
      Query query, boolean byResource, BiPredicate<String, Optional<String>> wants) {
    return count(database.pool(), query, byResource, wants);
  }

  /** The same, as the unit sees it. */
  public static Future<Long> count(
      Unit unit, Query query, boolean byResource, BiPredicate<String, Optional<String>> wants) {
    return count(unit.connection(), query, byResource, wants);
  }

  private static Future<Long> count(
      SqlClient client,
      Query query,
      boolean byResource,
      BiPredicate<String, Optional<String>> wants) {
    return client
        .preparedQuery(COUNT)
        .execute(query.values(Long.MAX_VALUE).addBoolean(byResource))
        .map(
            rows ->
                rows.stream()
                    .map(RangeStore::group)
                    .filter(group -> !group.missed || wants.test(group.type, group.resourceId))
                    .mapToLong(Group::events)
                    .sum());
  }

  private static Candidate candidate(Row row) {
    return new Candidate(
        row.getLong("id"),
        row.getString("type"),
        Optional.ofNullable(row.getString("resource_id")),
        row.getBoolean("wanted"),
        row.getBoolean("missed"),
        Optional.ofNullable(row.getInteger("attempt_no")).orElse(0));
  }

  private static Group group(Row row) {
    return new Group(
        row.getString("type"),
        Optional.ofNullable(row.getString("resource_id")),
        row.getBoolean("missed"),
        row.getLong("events"));
  }

  /**
   * Which deliveries to which endpoint.
   *
   * @param notices the types of events that tell of endpoints, see {@link EndpointNotice}
   */
  public record Query(
      long tenantId, long endpointId, Picks picks, Range range, Set<String> notices) {
    /** The deliveries that a job brings back. */
    public static Query of(Job job, Set<String> notices) {
      return new Query(job.tenantId(), job.endpointId(), job.picks(), job.range(), notices);
    }

    /** Only those of a part of the range. */
    Query within(Range part) {
      return new Query(tenantId, endpointId, picks, part, notices);
    }

    Tuple values(long events) {
      return Tuple.of(tenantId, endpointId, range.first(), range.last(), picks.number())
          .addLong(events)
          .addValue(notices.toArray(String[]::new))
          .addBuffer(Buffer.buffer(EndpointNotice.opening(endpointId)));
    }
  }

  /**
   * An event and how an endpoint stands with it.
   *
   * @param wanted whether it is to be brought back
   * @param missed whether the endpoint was none of its targets
   * @param attempts that were made so far
   */
  public record Candidate(
      long eventId,
      String type,
      Optional<String> resourceId,
      boolean wanted,
      boolean missed,
      int attempts) {}

  /** Events that are alike in what endpoints ask of them. */
  private record Group(String type, Optional<String> resourceId, boolean missed, long events) {}
}
