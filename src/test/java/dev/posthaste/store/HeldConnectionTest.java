package dev.posthaste.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.posthaste.settings.DatabaseUrl;
import dev.posthaste.support.Await;
import dev.posthaste.support.CutableProxy;
import dev.posthaste.support.Loop;
import dev.posthaste.support.PostgresExtension;
import dev.posthaste.support.PostgresExtension.PerTest;
import dev.posthaste.support.TestDatabase;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.pgclient.PgConnection;
import io.vertx.sqlclient.Tuple;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A connection to a server that takes its time to let it in. */
@ExtendWith(PostgresExtension.class)
class HeldConnectionTest {
  private static final long BRIEF = 500;
  private static final long LONG = Duration.ofMinutes(10).toMillis();
  private static final String WRITE = "INSERT INTO written VALUES (1)";

  private TestDatabase db;
  private CutableProxy proxy;
  private Database far;
  private Loop loop;

  @BeforeEach
  void open(@PerTest DatabaseUrl url) {
    db = new TestDatabase(url);
    db.execute("CREATE TABLE written (n integer)");
    proxy = new CutableProxy(url.port());
    DatabaseUrl way = DatabaseUrl.local(proxy.port(), url.user(), url.password(), url.database());
    far = new Database(db.vertx(), way, TestDatabase.SETTINGS);
    loop = db.loop();
  }

  @AfterEach
  void close() throws IOException {
    proxy.close();
    Await.value(far.close());
    db.close();
  }

  @Test
  void aStatementThatWasGivenUpBeforeItWasSentIsNeverExecuted() {
    HeldConnection held = held(LONG, BRIEF, open -> Future.succeededFuture());
    isNeverExecuted(held, () -> held.run(WRITE, Tuple.tuple()));
  }

  @Test
  void aTransactionThatWasGivenUpBeforeItBeganIsNeverExecuted() {
    HeldConnection held = held(LONG, BRIEF, open -> Future.succeededFuture());
    isNeverExecuted(
        held, () -> held.transaction(statements -> statements.run(WRITE, Tuple.tuple())));
  }

  /** It would be executed after the transaction, and for good. */
  @Test
  void aTransactionThatWasGivenUpHalfwayGoesNoFurther() {
    HeldConnection held = held(LONG, BRIEF, open -> Future.succeededFuture());
    Throwable failure =
        Await.failure(
            start(
                () ->
                    held.transaction(
                        statements ->
                            statements
                                .run("SELECT pg_sleep(1.5)", Tuple.tuple())
                                .compose(slept -> statements.run(WRITE, Tuple.tuple())))));
    assertThat(failure).isInstanceOf(TimeoutException.class);
    await().until(proxy::isIdle);
    assertThat(db.column("SELECT n FROM written")).isEmpty();
    loop.run(held::close);
  }

  private void isNeverExecuted(HeldConnection held, Supplier<Future<?>> work) {
    proxy.holdUp();
    assertThat(Await.failure(start(work))).isInstanceOf(UnsentException.class);
    proxy.goOn();
    await().until(proxy::isIdle);
    assertThat(db.column("SELECT n FROM written")).isEmpty();
    loop.run(() -> held.run(WRITE, Tuple.tuple()));
    assertThat(db.column("SELECT n FROM written")).containsExactly("1");
    loop.run(held::close);
  }

  @Test
  void aServerThatLetsNobodyInIsGivenUpAndTriedAgain() {
    HeldConnection held = held(BRIEF, LONG, open -> Future.succeededFuture());
    proxy.holdUp();
    Throwable failure = Await.failure(start(() -> held.run(WRITE, Tuple.tuple())));
    assertThat(failure)
        .isInstanceOf(UnsentException.class)
        .hasCauseInstanceOf(TimeoutException.class);
    proxy.goOn();
    await().until(proxy::isIdle);
    loop.run(() -> held.run(WRITE, Tuple.tuple()));
    loop.run(held::close);
  }

  @Test
  void aConnectionThatDoesNotBecomeReadyIsClosed() {
    HeldConnection held = held(LONG, BRIEF, open -> Promise.<Void>promise().future());
    assertThat(Await.failure(start(held::connection))).isInstanceOf(TimeoutException.class);
    await().until(proxy::isIdle);
    loop.run(held::close);
  }

  private HeldConnection held(
      long connectMillis, long patienceMillis, Function<PgConnection, Future<Void>> onConnect) {
    return new HeldConnection(
        db.vertx(),
        far.options(),
        new HeldConnection.Bounds(connectMillis, patienceMillis),
        onConnect);
  }

  private Future<?> start(Supplier<Future<?>> work) {
    return loop.start(() -> work.get().map(done -> done));
  }
}
