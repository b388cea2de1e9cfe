package dev.posthaste.store;

import dev.posthaste.settings.DatabaseSettings;
import dev.posthaste.settings.DatabaseUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.SslMode;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * How this node reaches PostgreSQL: a pool for what is occasional, and held connections, which
 * pipeline, for the hot statements of an event loop.
 */
public final class Database {
  private static final int WAITING_PER_CONNECTION = 64;

  /** Longer texts would be parsed and planned every time; the longest of ours has 3,600. */
  private static final int PREPARED_CHARACTERS = 6_000;

  /** Beyond the statement timeout the server itself would have spoken. */
  private static final Duration SILENCE_MARGIN = Duration.ofSeconds(5);

  /** A start, too, gives up on a recovery that takes longer. */
  private static final Duration LONGEST_RECOVERY = Duration.ofMinutes(10);

  /** What the kernel at the other end has not confirmed by then is lost, and the line with it. */
  private static final Duration UNCONFIRMED = Duration.ofSeconds(15);

  /** Routers and balancers on the way may forget a connection that is idle for longer. */
  private static final Duration LONGEST_IDLE = Duration.ofMinutes(1);

  /** So that a database or a balancer whose address has changed is reached there before long. */
  private static final Duration LIFETIME = Duration.ofMinutes(30);

  /** For a tool that speaks JDBC, until the server has let it in. */
  private static final Duration LOGIN = Duration.ofSeconds(10);

  private final Vertx vertx;
  private final PgConnectOptions options;
  private final long connectMillis;
  private final long patienceMillis;
  private final Pool pool;
  private final Pool recoveries;

  /**
   * Nothing is connected yet.
   *
   * @param settings sizes and times; where the database is comes as {@code url}
   */
  public Database(Vertx vertx, DatabaseUrl url, DatabaseSettings settings) {
    this.vertx = vertx;
    this.options = connectOptions(url, settings);
    this.connectMillis = settings.connectTimeout().toMillis();
    Duration patience = settings.statementTimeout().plus(SILENCE_MARGIN);
    this.patienceMillis = patience.toMillis();
    this.pool = pool(settings, settings.poolSize(), patience);
    this.recoveries = pool(settings, 1, LONGEST_RECOVERY);
  }

  /**
   * A network can swallow a connection without a word. The socket is closed when nothing comes or
   * goes for as long as no statement may take; who waits for an answer hears of that. Connections
   * that are not used leave the pool well before, so that none is closed as it is taken.
   */
  private Pool pool(DatabaseSettings settings, int size, Duration silence) {
    return PgBuilder.pool()
        .using(vertx)
        .connectingTo(options)
        .with(
            new NetClientOptions()
                .setConnectTimeout((int) settings.connectTimeout().toMillis())
                .setTcpKeepAlive(true)
                .setTcpUserTimeout((int) UNCONFIRMED.toMillis())
                .setIdleTimeout((int) silence.toMillis())
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS))
        .with(
            new PoolOptions()
                .setMaxSize(size)
                .setMaxWaitQueueSize(size * WAITING_PER_CONNECTION)
                .setConnectionTimeout((int) settings.connectTimeout().toMillis())
                .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS)
                .setIdleTimeout((int) Math.min(silence.toMillis() / 2, LONGEST_IDLE.toMillis()))
                .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
                .setMaxLifetime((int) LIFETIME.toSeconds())
                .setMaxLifetimeUnit(TimeUnit.SECONDS))
        .build();
  }

  private static PgConnectOptions connectOptions(DatabaseUrl url, DatabaseSettings settings) {
    PgConnectOptions options =
        new PgConnectOptions()
            .setHost(url.host())
            .setPort(url.port())
            .setUser(url.user())
            .setPassword(url.password().reveal())
            .setDatabase(url.database())
            .setSslMode(SslMode.of(sslMode(url)))
            .setCachePreparedStatements(true)
            .setPreparedStatementCacheMaxSize(128)
            .setPreparedStatementCacheSqlLimit(PREPARED_CHARACTERS)
            .setPipeliningLimit(64)
            .setReconnectAttempts(0)
            .addProperty("application_name", "posthaste")
            .addProperty(
                "statement_timeout", Long.toString(settings.statementTimeout().toMillis()));
    if (url.sslMode() != DatabaseUrl.SslMode.DISABLE) {
      options.setSslOptions(sslOptions(url));
    }
    return options;
  }

  /**
   * The same address for tools that speak JDBC; user and password go beside it. They wait {@link
   * #LOGIN} for a server that does not let them in, and for one that has gone as long as the
   * system's keepalive does.
   */
  public static String jdbcUrl(DatabaseUrl url) {
    String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
    String text =
        "jdbc:postgresql://%s:%d/%s?sslmode=%s&loginTimeout=%d&tcpKeepAlive=true"
            .formatted(
                host,
                url.port(),
                URLEncoder.encode(url.database(), StandardCharsets.UTF_8),
                sslMode(url),
                LOGIN.toSeconds());
    return url.sslRootCertificate().map(file -> text + "&sslrootcert=" + file).orElse(text);
  }

  private static String sslMode(DatabaseUrl url) {
    return url.sslMode().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static ClientSSLOptions sslOptions(DatabaseUrl url) {
    ClientSSLOptions ssl = new ClientSSLOptions();
    boolean checksHost = url.sslMode() == DatabaseUrl.SslMode.VERIFY_FULL;
    ssl.setHostnameVerificationAlgorithm(checksHost ? "HTTPS" : "");
    switch (url.sslMode()) {
      case VERIFY_CA, VERIFY_FULL ->
          url.sslRootCertificate()
              .ifPresent(
                  file -> ssl.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
      case DISABLE, ALLOW, PREFER, REQUIRE -> ssl.setTrustAll(true);
    }
    return ssl;
  }

  /**
   * For occasional statements, on any event loop. Its statements are not pipelined. One that has no
   * answer some seconds after the statement timeout fails, whatever it may set for itself.
   */
  public Pool pool() {
    return pool;
  }

  /** A connection for statements that may take far longer than the statement timeout. */
  Pool recoveries() {
    return recoveries;
  }

  /** A connection of its own, opened at first use and again after a loss. */
  public HeldConnection hold(Function<PgConnection, Future<Void>> onConnect) {
    return new HeldConnection(vertx, options, bounds(patienceMillis), onConnect);
  }

  /**
   * As {@link #hold}, given up sooner if nothing is answered: for what cannot wait until the server
   * itself would have spoken. That ends such a statement at the same time, or those that were given
   * up would queue for a lock.
   */
  public HeldConnection hold(Duration patience) {
    long millis = Math.min(patienceMillis, patience.toMillis());
    String bounded = "SET statement_timeout = " + millis;
    return new HeldConnection(
        vertx, options, bounds(millis), open -> open.query(bounded).execute().mapEmpty());
  }

  private HeldConnection.Bounds bounds(long patience) {
    return new HeldConnection.Bounds(Math.min(connectMillis, patience), patience);
  }

  /** What a subscriber needs to listen for notifications. */
  PgConnectOptions options() {
    return options;
  }

  /** What is silent for longer answers nothing more. */
  long patienceMillis() {
    return patienceMillis;
  }

  Vertx vertx() {
    return vertx;
  }

  public Future<Void> close() {
    return Future.join(pool.close(), recoveries.close()).mapEmpty();
  }
}
