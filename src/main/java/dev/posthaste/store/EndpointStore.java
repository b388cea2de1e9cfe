package dev.posthaste.store;

import dev.posthaste.event.Endpoint;
import dev.posthaste.event.Event;
import dev.posthaste.event.SigningSecret;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.pgclient.PgException;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/** Reads endpoints and changes them, and tells of every change. For any event loop. */
public final class EndpointStore extends EndpointReader {
  private static final String INSERT =
      """
      INSERT INTO endpoint (id, tenant_id, uid, url, description, event_type_filters, vault_ids,
        matter_ids, key_scopes, status, disabled_reason, contract, headers, rate_limit_count,
        rate_limit_seconds, max_concurrency, metadata, ordering, ordering_key,
        ordering_on_failure, retry_delays_ms, trace_context)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19,
        $20, $21, $22)
      ON CONFLICT (tenant_id, uid) WHERE deleted_at IS NULL DO NOTHING
      """;

  /** Creations of one tenant wait for each other here, so that their count is exact. */
  private static final String LOCK_TENANT =
      "SELECT 1 FROM tenant WHERE id = $1 AND deleted_at IS NULL FOR NO KEY UPDATE";

  private static final String COUNT =
      "SELECT count(*) FROM endpoint WHERE tenant_id = $1 AND deleted_at IS NULL";

  private static final String UPDATE =
      """
      UPDATE endpoint SET uid = $3, url = $4, description = $5, event_type_filters = $6,
        vault_ids = $7, matter_ids = $8, key_scopes = $9, status = $10, disabled_reason = $11,
        contract = $12, headers = $13, rate_limit_count = $14, rate_limit_seconds = $15,
        max_concurrency = $16, metadata = $17, ordering = $18, ordering_key = $19,
        ordering_on_failure = $20, retry_delays_ms = $21, trace_context = $22, updated_at = now()
      WHERE id = $1 AND tenant_id = $2 AND deleted_at IS NULL
      """;

  /**
   * Who is activated again starts anew; failures from before that are reported late do not count.
   */
  private static final String FORGIVE =
      """
      UPDATE endpoint_health
      SET consecutive_failures = 0, failing_since = NULL, announced_percent = 0,
        last_success_at = now(), changed_at = now()
      WHERE endpoint_id = $1 AND (failing_since IS NOT NULL OR consecutive_failures > 0)
      """;

  /** What is missed is counted anew from each time that the endpoint is disabled. */
  private static final String MISSES_NOTHING_YET =
      "UPDATE endpoint_health SET missed = 0 WHERE endpoint_id = $1 AND missed > 0";

  /**
   * By the clock at this moment, not by that of the transaction: nothing that waits because of what
   * was accepted after its commit has waited for longer.
   */
  private static final String DROPS_WHAT_WAITS =
      """
      WITH marked AS (
        UPDATE endpoint SET dropped_before = clock_timestamp() WHERE id = $1
        RETURNING id, dropped_before
      )
      INSERT INTO dropping (endpoint_id, put_before) SELECT id, dropped_before FROM marked
      ON CONFLICT (endpoint_id) DO UPDATE SET put_before = excluded.put_before
      """;

  private static final String ADD_SECRET =
      "INSERT INTO endpoint_secret (id, endpoint_id, sealed) VALUES ($1, $2, $3)";

  private static final String FIND_TO_CHANGE = FIND + " FOR UPDATE OF e";

  private static final String FIND_TO_DISABLE =
      EndpointRows.SELECT + "WHERE e.id = $1 AND e.deleted_at IS NULL FOR UPDATE OF e";

  private static final String DELETE =
      """
      UPDATE endpoint SET deleted_at = now(), updated_at = now(), uid = NULL
      WHERE tenant_id = $1 AND id = $2 AND deleted_at IS NULL
      """;

  private static final String FIND_ALL_TO_DELETE =
      EndpointRows.SELECT
          + "WHERE e.tenant_id = $1 AND e.deleted_at IS NULL ORDER BY e.id FOR UPDATE OF e";

  private static final String DELETE_ALL =
      """
      UPDATE endpoint SET deleted_at = now(), updated_at = now(), uid = NULL
      WHERE tenant_id = $1 AND deleted_at IS NULL
      """;

  /** $3: failures in a row that it must still have; 0 if it does not matter. */
  private static final String DISABLE =
      """
      UPDATE endpoint SET status = 3, disabled_reason = $2, updated_at = now()
      WHERE id = $1 AND status = 1 AND deleted_at IS NULL AND ($3::integer = 0 OR EXISTS (
        SELECT 1 FROM endpoint_health WHERE endpoint_id = $1 AND consecutive_failures >= $3))
      """;

  private static final String UNIQUE_VIOLATION = "23505";

  private final Database database;
  private final Sealer sealer;
  private final EndpointWitness witness;
  private final OwnEvents own;
  private final Predicate<Endpoint> drops;

  /** Nobody is told of changes, and nothing is dropped. */
  public EndpointStore(Database database, Sealer sealer) {
    this(database, sealer, EndpointWitness.NONE, OwnEvents.ofNobody(database), endpoint -> false);
  }

  /**
   * @param witness what it answers is committed with each change
   * @param own what appends the events of the witness on this node; units that change endpoints
   *     must be run with the same one
   * @param drops whether what waits for an endpoint is dropped when it is enabled again
   */
  public EndpointStore(
      Database database,
      Sealer sealer,
      EndpointWitness witness,
      OwnEvents own,
      Predicate<Endpoint> drops) {
    super(database, sealer);
    this.database = database;
    this.sealer = sealer;
    this.witness = witness;
    this.own = own;
    this.drops = drops;
  }

  /**
   * Adds a new endpoint with its first secret, and gives it back with its times.
   *
   * <p>Fails with {@link UidTakenException}, {@link TooManyEndpointsException} or {@link
   * TenantGoneException}.
   *
   * @param max endpoints of the tenant
   */
  public Future<Endpoint> create(
      Unit unit, Endpoint endpoint, long secretId, SigningSecret secret, int max) {
    SqlConnection tx = unit.connection();
    return checkCount(tx, endpoint.tenantId(), max)
        .compose(room -> tx.preparedQuery(INSERT).execute(rows().write(endpoint)))
        .compose(done -> done.rowCount() == 1 ? done() : uidTaken())
        .compose(done -> addSecret(tx, endpoint.id(), secretId, secret))
        .compose(done -> find(tx, FIND, endpoint.tenantId(), endpoint.id()))
        .compose(made -> tell(tx, Optional.empty(), made))
        .map(Optional::orElseThrow);
  }

  private Future<Optional<Endpoint>> tell(
      SqlConnection tx, Optional<Endpoint> before, Optional<Endpoint> after) {
    return own.append(tx, witness.tell(before, after)).map(after);
  }

  private static Future<Void> checkCount(SqlConnection tx, long tenantId, int max) {
    return tx.preparedQuery(LOCK_TENANT)
        .execute(Tuple.of(tenantId))
        .compose(
            locked ->
                locked.size() == 1
                    ? tx.preparedQuery(COUNT).execute(Tuple.of(tenantId))
                    : Future.failedFuture(new TenantGoneException()))
        .compose(
            count ->
                count.iterator().next().getLong(0) < max
                    ? done()
                    : Future.failedFuture(new TooManyEndpointsException()));
  }

  private static Future<Void> done() {
    return Future.succeededFuture();
  }

  private static Future<Void> uidTaken() {
    return Future.failedFuture(new UidTakenException());
  }

  private Future<Void> addSecret(
      SqlConnection tx, long endpointId, long secretId, SigningSecret secret) {
    Buffer sealed = Buffer.buffer(sealer.seal(secret.text(), endpointId));
    return tx.preparedQuery(ADD_SECRET).execute(Tuple.of(secretId, endpointId, sealed)).mapEmpty();
  }

  /**
   * Changes an endpoint while nobody else can; empty if it is gone.
   *
   * <p>Fails with {@link UidTakenException}, or with what the change throws.
   *
   * @param change what it shall be, from what it is
   */
  public Future<Optional<Endpoint>> change(
      Unit unit, long tenantId, long id, UnaryOperator<Endpoint> change) {
    SqlConnection tx = unit.connection();
    return find(tx, FIND_TO_CHANGE, tenantId, id)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(found)
                    : write(tx, found.get(), change.apply(found.get())))
        .recover(e -> isDuplicate(e) ? uidTaken().mapEmpty() : Future.failedFuture(e));
  }

  private Future<Optional<Endpoint>> write(SqlConnection tx, Endpoint before, Endpoint after) {
    return tx.preparedQuery(UPDATE)
        .execute(rows().write(after))
        .compose(done -> adjustHealth(tx, before, after))
        .compose(done -> dropWhatWaits(tx, before, after))
        .compose(done -> find(tx, FIND, after.tenantId(), after.id()))
        .compose(written -> tell(tx, Optional.of(before), written));
  }

  private static Future<Void> adjustHealth(SqlConnection tx, Endpoint before, Endpoint after) {
    boolean wasActive = before.status() == Endpoint.Status.ACTIVE;
    boolean isActive = after.status() == Endpoint.Status.ACTIVE;
    if (isActive && (!wasActive || after.consecutiveFailures() < before.consecutiveFailures())) {
      return tx.preparedQuery(FORGIVE).execute(Tuple.of(after.id())).mapEmpty();
    }
    return wasActive && !isActive
        ? tx.preparedQuery(MISSES_NOTHING_YET).execute(Tuple.of(after.id())).mapEmpty()
        : done();
  }

  private Future<Void> dropWhatWaits(SqlConnection tx, Endpoint before, Endpoint after) {
    boolean isEnabled =
        before.status() != Endpoint.Status.ACTIVE && after.status() == Endpoint.Status.ACTIVE;
    return isEnabled && drops.test(after)
        ? tx.preparedQuery(DROPS_WHAT_WAITS).execute(Tuple.of(after.id())).mapEmpty()
        : done();
  }

  private static boolean isDuplicate(Throwable failure) {
    return failure instanceof PgException refused && UNIQUE_VIOLATION.equals(refused.getSqlState());
  }

  /** Marks it deleted; false if it was not there. Its history stays. */
  public Future<Boolean> delete(Unit unit, long tenantId, long id) {
    SqlConnection tx = unit.connection();
    return find(tx, FIND_TO_CHANGE, tenantId, id)
        .compose(
            found ->
                found.isEmpty()
                    ? Future.succeededFuture(false)
                    : tx.preparedQuery(DELETE)
                        .execute(Tuple.of(tenantId, id))
                        .compose(done -> tell(tx, found, Optional.empty()))
                        .map(true));
  }

  /** Marks all endpoints of a tenant deleted. Their history stays. */
  public Future<Void> deleteAll(Unit unit, long tenantId) {
    SqlConnection tx = unit.connection();
    return tx.preparedQuery(FIND_ALL_TO_DELETE)
        .execute(Tuple.of(tenantId))
        .map(found -> found.stream().map(rows()::read).toList())
        .compose(
            all ->
                tx.preparedQuery(DELETE_ALL)
                    .execute(Tuple.of(tenantId))
                    .compose(done -> own.append(tx, farewells(all))));
  }

  private List<Event> farewells(List<Endpoint> gone) {
    return gone.stream()
        .flatMap(endpoint -> witness.tell(Optional.of(endpoint), Optional.empty()).stream())
        .toList();
  }

  /**
   * Disables an active endpoint for its contract, once however many nodes ask for it.
   *
   * @param failures in a row that it must still have, so that a success that has just come saves
   *     it; 0 to disable in any case
   * @return false if it was not active any more, or has been saved
   */
  public Future<Boolean> autoDisable(long id, String reason, int failures) {
    return own.around(
        () -> database.pool().withTransaction(tx -> autoDisable(tx, id, reason, failures)));
  }

  private Future<Boolean> autoDisable(SqlConnection tx, long id, String reason, int failures) {
    return tx.preparedQuery(FIND_TO_DISABLE)
        .execute(Tuple.of(id))
        .compose(
            found ->
                found.size() == 0
                    ? Future.succeededFuture(false)
                    : disable(tx, rows().read(found.iterator().next()), reason, failures));
  }

  private Future<Boolean> disable(SqlConnection tx, Endpoint before, String reason, int failures) {
    return tx.preparedQuery(DISABLE)
        .execute(Tuple.of(before.id(), reason, failures))
        .compose(
            done ->
                done.rowCount() == 0
                    ? Future.succeededFuture(false)
                    : tx.preparedQuery(MISSES_NOTHING_YET)
                        .execute(Tuple.of(before.id()))
                        .compose(reset -> find(tx, FIND, before.tenantId(), before.id()))
                        .compose(after -> tell(tx, Optional.of(before), after))
                        .compose(
                            told -> OwnAudit.disabled(tx, own.nextId(), before, reason, failures))
                        .map(true));
  }
}
