package dev.posthaste.store;

import dev.posthaste.settings.DatabaseSettings;
import dev.posthaste.settings.DatabaseUrl;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
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

  /** Longer texts would be parsed and planned every time; the longest of ours has half of it. */
  private static final int PREPARED_CHARACTERS = 6_000;

  /** Beyond the statement timeout the server itself would have spoken. */
  private static final Duration SILENCE_MARGIN = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final PgConnectOptions options;
  private final long patienceMillis;
  private final Pool pool;

  /**
   * Nothing is connected yet.
   *
   * @param settings sizes and times; where the database is comes as {@code url}
   */
  public Database(Vertx vertx, DatabaseUrl url, DatabaseSettings settings) {
    this.vertx = vertx;
    this.options = connectOptions(url, settings);
    this.patienceMillis = settings.statementTimeout().plus(SILENCE_MARGIN).toMillis();
    this.pool =
        PgBuilder.pool()
            .using(vertx)
            .connectingTo(options)
            .with(
                new PoolOptions()
                    .setMaxSize(settings.poolSize())
                    .setMaxWaitQueueSize(settings.poolSize() * WAITING_PER_CONNECTION)
                    .setConnectionTimeout((int) settings.connectTimeout().toMillis())
                    .setConnectionTimeoutUnit(TimeUnit.MILLISECONDS))
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

  /** The same address for tools that speak JDBC; user and password go beside it. */
  public static String jdbcUrl(DatabaseUrl url) {
    String host = url.host().contains(":") ? "[" + url.host() + "]" : url.host();
    String text =
        "jdbc:postgresql://%s:%d/%s?sslmode=%s"
            .formatted(
                host,
                url.port(),
                URLEncoder.encode(url.database(), StandardCharsets.UTF_8),
                sslMode(url));
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

  /** For occasional statements, on any event loop. Its statements are not pipelined. */
  public Pool pool() {
    return pool;
  }

  /** A connection of its own, opened at first use and again after a loss. */
  public HeldConnection hold(Function<PgConnection, Future<Void>> onConnect) {
    return new HeldConnection(vertx, options, patienceMillis, onConnect);
  }

  /**
   * As {@link #hold}, given up sooner if nothing is answered: for what cannot wait until the server
   * itself would have spoken.
   */
  public HeldConnection hold(Duration patience) {
    return new HeldConnection(
        vertx,
        options,
        Math.min(patienceMillis, patience.toMillis()),
        open -> Future.succeededFuture());
  }

  /** What a subscriber needs to listen for notifications. */
  PgConnectOptions options() {
    return options;
  }

  Vertx vertx() {
    return vertx;
  }

  public Future<Void> close() {
    return pool.close();
  }
}
