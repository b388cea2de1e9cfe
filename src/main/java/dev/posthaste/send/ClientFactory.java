package dev.posthaste.send;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.TrustOptions;
import io.vertx.core.tracing.TracingPolicy;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the HTTP clients, one for each verticle instance: a client shared between event loops hands
 * requests from loop to loop. One factory per process; thread-safe.
 */
public final class ClientFactory {
  private static final Logger LOG = LoggerFactory.getLogger(ClientFactory.class);
  private static final int MAX_HEADER_BYTES = 8 * 1024;
  private static final int MAX_LIFETIME_MINUTES = 10;

  private final Vertx vertx;
  private final SendSettings settings;
  private final HttpClientOptions options;

  /**
   * Reads the certificate authorities and the hosts file, so it blocks; and says in the log which
   * TLS engine and which transport are really in use.
   *
   * @throws IllegalArgumentException if a file of certificates cannot be read
   */
  public ClientFactory(Vertx vertx, SendSettings settings) {
    this.vertx = vertx;
    this.settings = settings;
    this.options = options(settings);
    NameLookup.readSystemFiles();
    LOG.info(
        "Deliveries use TLS of {} and {} transport",
        OpenSSLEngineOptions.isAvailable() ? OpenSsl.versionString() : "the JDK",
        vertx.isNativeTransportEnabled() ? "native" : "NIO");
  }

  /** A client for the verticle whose context this is called on; it is closed with it. */
  HttpClient open() {
    // Vert.x counts requests whose connection is being opened as waiting, too.
    int waiting = settings.waitingPerOrigin() + settings.connectionsPerOrigin();
    PoolOptions pool =
        new PoolOptions()
            .setHttp1MaxSize(settings.connectionsPerOrigin())
            .setMaxWaitQueueSize(waiting)
            // The far side may ask for a longer keep-alive than ours; not for more than this.
            .setMaxLifetime(MAX_LIFETIME_MINUTES)
            .setMaxLifetimeUnit(TimeUnit.MINUTES);
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(pool)
        // Every request is told of its own failure; without a handler Vert.x logs each one as well.
        .withConnectHandler(connection -> connection.exceptionHandler(failure -> {}))
        .build();
  }

  SendSettings settings() {
    return settings;
  }

  private static HttpClientOptions options(SendSettings settings) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setUseAlpn(false)
            .setKeepAlive(true)
            .setPipelining(false)
            .setKeepAliveTimeout((int) settings.keepAlive().toSeconds())
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setDecompressionSupported(false)
            .setTracingPolicy(TracingPolicy.IGNORE);
    options
        .setConnectTimeout((int) settings.connectTimeout().toMillis())
        .setSslHandshakeTimeout(settings.connectTimeout().toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    return secured(options, settings);
  }

  private static HttpClientOptions secured(HttpClientOptions options, SendSettings settings) {
    options
        .setVerifyHost(true)
        .setTrustAll(false)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"));
    if (!settings.authorities().isEmpty()) {
      options.setTrustOptions(TrustOptions.wrap(Authorities.with(settings.authorities())));
    }
    if (OpenSSLEngineOptions.isAvailable()) {
      options.setSslEngineOptions(new OpenSSLEngineOptions());
    }
    return options;
  }
}
