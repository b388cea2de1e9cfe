package dev.posthaste.store;

import dev.posthaste.event.Deferral;
import dev.posthaste.event.Endpoint;
import dev.posthaste.event.EventFilter;
import dev.posthaste.event.IdGenerator;
import dev.posthaste.event.ResourceScopes;
import dev.posthaste.store.DeliveryRecord.AttemptRecord;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what tells why an endpoint got an event, or did not. For any event loop. */
public final class ExplainStore {
  /**
   * $1 tenant, $2 only below this one, $3 how many, $4 the one that is asked for, $5 targets of the
   * event, $6 when it was accepted, $7 the event. Who was gone by then has no part in it.
   */
  private static final String ENDPOINTS =
      """
      SELECT id, uid, event_type_filters, vault_ids, matter_ids, key_scopes, status, disabled_reason,
             created_at, updated_at, deleted_at, EXISTS (
               SELECT 1 FROM added_target WHERE event_id = $7 AND endpoint_id = endpoint.id) AS added
      FROM endpoint
      WHERE tenant_id = $1 AND id < $2 AND ($4::bigint IS NULL OR id = $4)
        AND ($4::bigint IS NOT NULL OR deleted_at IS NULL OR deleted_at >= $6
             OR id = ANY ($5::bigint[]))
      ORDER BY id DESC LIMIT $3
      """;

  /** The last ones of each: a delivery can be replayed without end. */
  private static final String ATTEMPTS =
      """
      SELECT a.* FROM unnest($2::bigint[]) AS t(endpoint_id)
      CROSS JOIN LATERAL (
        SELECT * FROM attempt WHERE event_id = $1 AND endpoint_id = t.endpoint_id
        ORDER BY attempt_no DESC LIMIT 20) a
      ORDER BY a.endpoint_id, a.attempt_no
      """;

  private static final String WAITING =
      """
      SELECT endpoint_id, reason, due_at, leased_by IS NOT NULL AND leased_until > now() AS leased
      FROM deferred WHERE event_id = $1 AND endpoint_id = ANY ($2::bigint[])
      """;

  private final Database database;

  public ExplainStore(Database database) {
    this.database = database;
  }

  /** Endpoints that an event could have gone to, newest first. */
  public Future<List<Subscriber>> subscribers(Question question) {
    Instant acceptedAt = Instant.ofEpochMilli(IdGenerator.millisOf(question.eventId));
    return database
        .pool()
        .preparedQuery(ENDPOINTS)
        .execute(
            Tuple.of(question.tenantId, question.below)
                .addInteger(question.limit)
                .addLong(question.endpointId.orElse(null))
                .addValue(question.targets.toArray(Long[]::new))
                .addOffsetDateTime(acceptedAt.atOffset(ZoneOffset.UTC))
                .addLong(question.eventId))
        .map(rows -> rows.stream().map(ExplainStore::subscriber).toList());
  }

  private static Subscriber subscriber(Row row) {
    return new Subscriber(
        row.getLong("id"),
        Optional.ofNullable(row.getString("uid")),
        Arrays.stream(row.getArrayOfStrings("event_type_filters")).map(EventFilter::new).toList(),
        new ResourceScopes(
            set(row.getArrayOfStrings("vault_ids")), set(row.getArrayOfStrings("matter_ids"))),
        Optional.ofNullable(row.getArrayOfStrings("key_scopes")).map(ExplainStore::set),
        Endpoint.Status.of(row.getShort("status")),
        Optional.ofNullable(row.getString("disabled_reason")),
        row.getOffsetDateTime("created_at").toInstant(),
        row.getOffsetDateTime("updated_at").toInstant(),
        EndpointRows.instant(row.getOffsetDateTime("deleted_at")),
        row.getBoolean("added"));
  }

  private static Set<String> set(String... texts) {
    return Set.copyOf(Arrays.asList(texts));
  }

  /** What was tried, by endpoint; the first one first. */
  public Future<Map<Long, List<AttemptRecord>>> attempts(long eventId, List<Long> endpoints) {
    return database
        .pool()
        .preparedQuery(ATTEMPTS)
        .execute(Tuple.of(eventId).addValue(Columns.longs(endpoints, id -> id)))
        .map(
            rows -> {
              Map<Long, List<AttemptRecord>> made = new HashMap<>();
              for (Row row : rows) {
                made.computeIfAbsent(row.getLong("endpoint_id"), id -> new ArrayList<>())
                    .add(AttemptRows.attempt(row));
              }
              return made;
            });
  }

  /** What waits, by endpoint. */
  public Future<Map<Long, Wait>> waiting(long eventId, List<Long> endpoints) {
    return database
        .pool()
        .preparedQuery(WAITING)
        .execute(Tuple.of(eventId).addValue(Columns.longs(endpoints, id -> id)))
        .map(
            rows -> {
              Map<Long, Wait> waits = new HashMap<>();
              for (Row row : rows) {
                waits.put(
                    row.getLong("endpoint_id"),
                    new Wait(
                        Deferral.Reason.of(row.getShort("reason")),
                        row.getOffsetDateTime("due_at").toInstant(),
                        row.getBoolean("leased")));
              }
              return waits;
            });
  }

  /**
   * Whose part in an event is asked for.
   *
   * @param below only endpoints with a lower id
   */
  public record Question(
      long tenantId,
      long eventId,
      List<Long> targets,
      Optional<Long> endpointId,
      long below,
      int limit) {}

  /**
   * What decides which events an endpoint gets, as it is set up now.
   *
   * @param updatedAt since then nothing of it has changed
   * @param added whether a recovery has made it a target after the event was accepted
   */
  public record Subscriber(
      long id,
      Optional<String> uid,
      List<EventFilter> filters,
      ResourceScopes scopes,
      Optional<Set<String>> keyScopes,
      Endpoint.Status status,
      Optional<String> disabledReason,
      Instant createdAt,
      Instant updatedAt,
      Optional<Instant> deletedAt,
      boolean added) {}

  /**
   * A row of the table of deliveries that wait.
   *
   * @param leased a node has taken it, and makes it when it is due
   */
  public record Wait(Deferral.Reason reason, Instant dueAt, boolean leased) {}
}
