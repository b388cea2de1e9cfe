package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.Tuple;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What requests with an idempotency key were answered. A name is held by a lock of its transaction
 * from before the effect until after the commit, so of two requests with the same name at the same
 * time one is refused at once, and none waits. For any event loop.
 */
public final class AnswerStore {
  /** Names that share a hash may refuse each other for as long as one takes; that does no harm. */
  private static final String HOLD =
      "SELECT pg_try_advisory_xact_lock(hashtextextended($2, $1)) AS held";

  private static final String FIND =
      """
      SELECT fingerprint, status, body FROM kept_answer
      WHERE key_id = $1 AND name = $2 AND expires_at > now()
      """;

  private static final String KEEP =
      """
      INSERT INTO kept_answer (key_id, name, fingerprint, status, body, expires_at)
      VALUES ($1, $2, $3, $4, $5, now() + $6::bigint * interval '1 ms')
      ON CONFLICT (key_id, name) DO UPDATE
        SET fingerprint = excluded.fingerprint, status = excluded.status, body = excluded.body,
            expires_at = excluded.expires_at
      """;

  private static final String RELEASE =
      "DELETE FROM kept_answer WHERE key_id = $1 AND name = $2 AND status = 0";

  /** Stands for the status of an answer that is still to come. */
  private static final int UNDER_WAY = 0;

  private final Sealer sealer;
  private final Duration kept;

  /**
   * @param kept how long an answer is remembered
   */
  public AnswerStore(Sealer sealer, Duration kept) {
    this.sealer = sealer;
    this.kept = kept;
  }

  /**
   * Takes the name until the unit ends, and finds what was answered under it.
   *
   * <p>Fails with a {@link NameHeldException} while another unit has it.
   */
  public Future<Optional<Kept>> hold(Unit unit, Name name) {
    // Two statements: what the holder before us committed is seen only by one that starts later.
    return unit.connection()
        .preparedQuery(HOLD)
        .execute(Tuple.of(name.keyId(), name.text()))
        .compose(
            rows ->
                rows.iterator().next().getBoolean("held")
                    ? unit.connection()
                        .preparedQuery(FIND)
                        .execute(Tuple.of(name.keyId(), name.text()))
                    : Future.failedFuture(new NameHeldException()))
        .map(found -> found.stream().map(row -> kept(row, name)).findFirst())
        .compose(
            found ->
                found.filter(answer -> answer.status() == UNDER_WAY).isPresent()
                    ? Future.failedFuture(new NameHeldException())
                    : Future.succeededFuture(found));
  }

  private Kept kept(Row row, Name name) {
    byte[] sealed = row.getBuffer("body").getBytes();
    return new Kept(
        row.getBuffer("fingerprint"),
        row.getShort("status"),
        Buffer.buffer(sealer.open(sealed, name.keyId())));
  }

  /**
   * Takes a name that is {@link #hold held} until it is kept or released, beyond the end of the
   * unit: for what takes longer than a transaction may.
   *
   * @param longest after which whoever took it is surely gone, and the name is free again
   */
  public Future<Void> reserve(Unit unit, Name name, Duration longest) {
    return write(unit, name, new Kept(Buffer.buffer(), UNDER_WAY, Buffer.buffer()), longest);
  }

  /** Frees a name that was reserved; nothing was done under it. */
  public Future<Void> release(Unit unit, Name name) {
    return unit.connection()
        .preparedQuery(RELEASE)
        .execute(Tuple.of(name.keyId(), name.text()))
        .mapEmpty();
  }

  /** Remembers an answer, committed with what it tells of. */
  public Future<Void> keep(Unit unit, Name name, Kept answer) {
    return write(unit, name, answer, kept);
  }

  private Future<Void> write(Unit unit, Name name, Kept answer, Duration valid) {
    String text = answer.body().toString(StandardCharsets.UTF_8);
    Tuple values =
        Tuple.of(name.keyId(), name.text(), answer.fingerprint(), (short) answer.status())
            .addBuffer(Buffer.buffer(sealer.seal(text, name.keyId())))
            .addLong(valid.toMillis());
    return unit.connection().preparedQuery(KEEP).execute(values).mapEmpty();
  }

  /**
   * An idempotency key of one client.
   *
   * @param keyId the client's API key
   */
  public record Name(long keyId, String text) {}

  /**
   * An answer that was given.
   *
   * @param fingerprint of the request
   */
  public record Kept(Buffer fingerprint, int status, Buffer body) {
    /** Whether it answered this very request. */
    public boolean answers(Buffer request) {
      return Objects.equals(fingerprint, request);
    }
  }
}
