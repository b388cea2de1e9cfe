package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.Sql;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PostgresExtension.class)
class RewrapTest {
  /** Bytes that are no sealed values. */
  private static final Set<String> PLAIN =
      Set.of(
          "api_key.hash",
          "event.data",
          "kept_answer.fingerprint",
          "attachment.sha256",
          "attachment_chunk.bytes");

  private static final String COLUMN = "kept_answer.body";

  private static final String WAITS_FOR_A_ROW =
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type ="
          + " 'Lock' AND query LIKE '%kept_answer%'";

  private final Sealer old = sealer("k1");
  private final Sealer both = sealer("k2", "k1");
  private final Sealer fresh = sealer("k2");
  private TestDatabase db;

  @BeforeEach
  void open(DatabaseUrl url) {
    db = new TestDatabase(url);
    db.execute("TRUNCATE kept_answer");
  }

  @AfterEach
  void close() {
    db.close();
  }

  private static Sealer sealer(String... ids) {
    Map<String, byte[]> keys = new LinkedHashMap<>();
    for (String id : ids) {
      byte[] key = new byte[32];
      Arrays.fill(key, (byte) id.hashCode());
      keys.put(id, key);
    }
    return new Sealer(keys);
  }

  private void keep(int number, Sealer sealer, long owner) {
    db.execute(
        "INSERT INTO kept_answer VALUES (%d, 'n%d', '', 200, '\\x%s', now())"
            .formatted(owner, number, HexFormat.of().formatHex(sealer.seal("t" + number, owner))));
  }

  private List<String> opened(Sealer sealer) {
    return db
        .column("SELECT name || ' ' || key_id || ' ' || encode(body, 'hex') FROM kept_answer")
        .stream()
        .map(text -> text.split(" "))
        .map(row -> row[0] + sealer.open(HexFormat.of().parseHex(row[2]), Long.parseLong(row[1])))
        .sorted()
        .toList();
  }

  private long rewrap(Sealer sealer) {
    return Await.value(new Rewrap(db.database(), sealer).run()).get(COLUMN);
  }

  @Test
  void whatWasSealedUnderAnotherKeyIsReadableWithTheNewOneAlone() {
    for (int i = 0; i < 40; i++) {
      keep(i, i % 4 == 0 ? fresh : old, 7 + i);
    }
    assertThat(rewrap(both)).isEqualTo(30);
    assertThat(opened(fresh)).hasSize(40).contains("n0t0", "n3t3", "n39t39");
    assertThat(rewrap(both)).isZero();
  }

  @Test
  void aValueThatIsChangedMeanwhileStaysAsItWasChanged() {
    for (int i = 0; i < 400; i++) {
      keep(i, old, 7);
    }
    var done = new Rewrap(db.database(), both).run();
    db.execute(
        "UPDATE kept_answer SET body = '\\x%s' WHERE name LIKE 'n1%%'"
            .formatted(HexFormat.of().formatHex(fresh.seal("new", 7))));
    Await.value(done);
    assertThat(opened(fresh)).contains("n1new", "n199new", "n2t2").hasSize(400);
  }

  @Test
  void whoLocksTheSameRowsInAnotherOrderIsNoMoreThanADelay(DatabaseUrl url) throws Exception {
    // PostgreSQL ends the one that is first out of patience: that shall be the rewrap.
    db.execute("ALTER DATABASE %s SET deadlock_timeout = '3s'".formatted(url.database()));
    close();
    open(url);
    for (int i = 0; i < 10; i++) {
      keep(i, old, 7);
    }
    Future<Map<String, Long>> done;
    try (Connection other = Sql.connect(url);
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("SET LOCAL deadlock_timeout = '1min'");
      statement.execute("UPDATE kept_answer SET status = 201 WHERE name = 'n9'");
      done = new Rewrap(db.database(), both).run();
      await().until(() -> db.column(WAITS_FOR_A_ROW).size() == 1);
      assertThat(db.column("SELECT name FROM kept_answer WHERE name = 'n0' FOR UPDATE SKIP LOCKED"))
          .isEmpty();
      statement.execute("UPDATE kept_answer SET status = 201 WHERE name = 'n0'");
      other.commit();
    }
    assertThat(Await.value(done)).containsEntry(COLUMN, 10L);
    assertThat(opened(fresh)).hasSize(10).contains("n0t0", "n9t9");
    assertThat(db.column("SELECT name FROM kept_answer WHERE status = 201 ORDER BY name"))
        .containsExactly("n0", "n9");
  }

  @Test
  void moreValuesThanAreReplacedAtATimeAreAllReplaced() {
    for (int i = 0; i < 600; i++) {
      keep(i, old, 7);
    }
    assertThat(rewrap(both)).isEqualTo(600);
    assertThat(opened(fresh)).hasSize(600);
  }

  @Test
  void aKeyThatIsMissingIsNamedAndNothingIsLost() {
    keep(1, sealer("k0"), 7);
    Throwable failure = Await.failure(new Rewrap(db.database(), both).run());
    assertThat(failure).hasMessageContaining("'k0'").hasMessageContaining(COLUMN);
    assertThat(rewrap(sealer("k2", "k0"))).isEqualTo(1);
    assertThat(opened(fresh)).containsExactly("n1t1");
  }

  @Test
  void everyColumnOfBytesIsKnownToBeSealedOrPlain() {
    List<String> columns =
        db.column(
            "SELECT table_name || '.' || column_name FROM information_schema.columns"
                + " WHERE table_schema = 'public' AND data_type = 'bytea'"
                + " AND table_name !~ '_\\d{8}$'");
    assertThat(columns)
        .allMatch(
            name ->
                PLAIN.contains(name)
                    || SealedColumn.ALL.stream().anyMatch(one -> one.toString().equals(name)));
  }
}
