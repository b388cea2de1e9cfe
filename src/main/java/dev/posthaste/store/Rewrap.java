package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Seals anew, under the current key, whatever is sealed under another one, so that the others can
 * be removed. Safe while nodes run: a value is replaced only where it still is what was read, so
 * whoever changes it meanwhile wins. Can be stopped at any time and run again; it finds what is
 * left by the id of the key that each value carries.
 *
 * <p>Reads a table block by block, which takes no index, no order and no long transaction, and goes
 * over it again until it finds nothing: rows move while it reads. What it replaces at a time it
 * locks in the order of the primary key; where it is caught in a deadlock all the same, with those
 * who lock in another order, it tries again.
 */
public final class Rewrap {
  private static final int BLOCKS = 256;
  private static final int ROUNDS = 20;

  /** Values that are replaced, and so rows that are locked, at a time. */
  private static final int SLICE = 256;

  private static final int TRIES = 10;
  private static final long PAUSE_MILLIS = 200;

  private static final String LENGTH =
      """
      SELECT pg_relation_size($1::text::regclass) / current_setting('block_size')::int AS blocks
      """;

  private final Database database;
  private final Sealer sealer;
  private final Map<String, Long> counts = new LinkedHashMap<>();

  /** To be used once, on any event loop. */
  public Rewrap(Database database, Sealer sealer) {
    this.database = database;
    this.sealer = sealer;
  }

  /**
   * Does all of it; the future has how many values of each column were sealed anew.
   *
   * <p>Fails with an {@code IllegalStateException} that names the key if one is missing or wrong,
   * or if values under another key keep coming: a node still seals with it.
   */
  public Future<Map<String, Long>> run() {
    Future<Void> chain = Future.succeededFuture();
    for (SealedColumn column : SealedColumn.ALL) {
      counts.put(column.toString(), 0L);
      chain = chain.compose(v -> rounds(column, 1));
    }
    return chain.map(counts);
  }

  private Future<Void> rounds(SealedColumn column, int number) {
    long before = counts.get(column.toString());
    Scan scan = new Scan(column);
    return scan.run()
        .compose(
            v -> {
              if (!scan.found) {
                return Future.succeededFuture();
              }
              return number < ROUNDS
                  ? rounds(column, number + 1)
                  : Future.failedFuture(
                      new IllegalStateException(
                          "%s gets new values under another key (%d were sealed anew): give every node the new key as its first one, restart it, and run this again"
                              .formatted(column, counts.get(column.toString()) - before)));
            });
  }

  /** One time over a column. */
  private final class Scan {
    private final SealedColumn column;
    private final String find;
    private final String replace;
    private boolean found;

    Scan(SealedColumn column) {
      this.column = column;
      this.find =
          """
          SELECT ctid::text AS place, %2$s AS owner, %3$s AS sealed FROM %1$s
          WHERE ctid >= $1::text::tid AND ctid < $2::text::tid AND %3$s IS NOT NULL
            AND substring(%3$s FROM 1 FOR $3) <> $4
          """
              .formatted(column.table(), column.owner(), column.column());
      this.replace =
          """
          WITH given AS (
            SELECT * FROM unnest($1::text[], $2::bytea[], $3::bytea[]) AS g(place, before, after)
          ), held AS (
            SELECT t.ctid AS place, given.after
            FROM given JOIN %1$s t ON t.ctid = given.place::tid AND t.%2$s = given.before
            ORDER BY %3$s FOR UPDATE OF t
          )
          UPDATE %1$s t SET %2$s = held.after FROM held WHERE t.ctid = held.place
          """
              .formatted(column.table(), column.column(), column.order());
    }

    Future<Void> run() {
      return database
          .pool()
          .preparedQuery(LENGTH)
          .execute(Tuple.of(column.table()))
          .compose(rows -> from(0, rows.iterator().next().getLong("blocks")));
    }

    private Future<Void> from(long block, long end) {
      return block >= end
          ? Future.succeededFuture()
          : database
              .pool()
              .preparedQuery(find)
              .execute(range(block))
              .compose(this::replace)
              .compose(v -> from(block + BLOCKS, end));
    }

    private Tuple range(long block) {
      byte[] mark = sealer.mark();
      return Tuple.of(
          "(%d,0)".formatted(block),
          "(%d,0)".formatted(block + BLOCKS),
          mark.length,
          Buffer.buffer(mark));
    }

    private Future<Void> replace(RowSet<Row> rows) {
      if (rows.size() == 0) {
        return Future.succeededFuture();
      }
      found = true;
      List<Change> changes = new ArrayList<>(rows.size());
      for (Row row : rows) {
        changes.add(change(row));
      }
      return slices(changes);
    }

    private Future<Void> slices(List<Change> changes) {
      if (changes.isEmpty()) {
        return Future.succeededFuture();
      }
      int end = Math.min(SLICE, changes.size());
      return slice(changes.subList(0, end), 1)
          .compose(v -> slices(changes.subList(end, changes.size())));
    }

    private Future<Void> slice(List<Change> changes, int number) {
      Tuple values =
          Tuple.tuple()
              .addValue(Columns.texts(changes, Change::place))
              .addValue(Columns.of(changes, Buffer[]::new, Change::before))
              .addValue(Columns.of(changes, Buffer[]::new, Change::after));
      return database
          .pool()
          .preparedQuery(replace)
          .execute(values)
          .compose(
              done -> count(done.rowCount()),
              e ->
                  StoreTrouble.isCollision(e) && number < TRIES
                      ? pause().compose(v -> slice(changes, number + 1))
                      : Future.failedFuture(e));
    }

    private Future<Void> pause() {
      return database.vertx().timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS);
    }

    private Change change(Row row) {
      Buffer before = row.getBuffer("sealed");
      long owner = row.getLong("owner");
      String text;
      try {
        text = sealer.open(before.getBytes(), owner);
      } catch (IllegalStateException e) {
        throw new IllegalStateException("%s of %d: %s".formatted(column, owner, e.getMessage()), e);
      }
      return new Change(row.getString("place"), before, Buffer.buffer(sealer.seal(text, owner)));
    }

    private Future<Void> count(int changed) {
      counts.merge(column.toString(), (long) changed, Long::sum);
      return Future.succeededFuture();
    }
  }

  /**
   * A value and what takes its place.
   *
   * @param place of its row
   */
  private record Change(String place, Buffer before, Buffer after) {}
}
