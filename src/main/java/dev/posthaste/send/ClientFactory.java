package dev.posthaste.send;

import io.netty.handler.ssl.OpenSsl;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.net.TrustOptions;
import java.util.List;
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

  /** Said in the handshake: a receiver that speaks only HTTP/2 then ends it, and says why. */
  private static final List<String> SPOKEN = List.of("http/1.1");

  private final Vertx vertx;
  private final SendSettings settings;
  private final NetClientOptions options;

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
  NetClient open() {
    return vertx.createNetClient(options);
  }

  SendSettings settings() {
    return settings;
  }

  private static NetClientOptions options(SendSettings settings) {
    NetClientOptions options = new NetClientOptions();
    options
        .setConnectTimeout((int) settings.connectTimeout().toMillis())
        .setSslHandshakeTimeout(settings.connectTimeout().toMillis())
        .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    return secured(options, settings);
  }

  private static NetClientOptions secured(NetClientOptions options, SendSettings settings) {
    options
        .setHostnameVerificationAlgorithm("HTTPS")
        .setTrustAll(false)
        .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
        .setUseAlpn(true)
        .setApplicationLayerProtocols(SPOKEN);
    if (!settings.authorities().isEmpty()) {
      options.setTrustOptions(TrustOptions.wrap(Authorities.with(settings.authorities())));
    }
    if (OpenSSLEngineOptions.isAvailable()) {
      options.setSslEngineOptions(new OpenSSLEngineOptions());
    }
    return options;
  }
}
