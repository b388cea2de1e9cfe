package dev.posthaste.loadtest.receiver;

import io.netty.handler.ssl.OpenSslSessionContext;
import io.netty.handler.ssl.OpenSslSessionTicketKey;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslProvider;
import io.vertx.core.net.OpenSSLEngineOptions;
import io.vertx.core.spi.tls.DefaultSslContextFactory;
import io.vertx.core.spi.tls.SslContextFactory;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLException;

/** BoringSSL with session tickets of a key of our own, so that it counts who resumes with one. */
final class TicketEngine extends OpenSSLEngineOptions {
  private final List<OpenSslSessionContext> sessions;
  private final OpenSslSessionTicketKey key;

  TicketEngine() {
    this(
        new CopyOnWriteArrayList<>(),
        new OpenSslSessionTicketKey(
            random(OpenSslSessionTicketKey.NAME_SIZE),
            random(OpenSslSessionTicketKey.HMAC_KEY_SIZE),
            random(OpenSslSessionTicketKey.AES_KEY_SIZE)));
  }

  private static byte[] random(int size) {
    byte[] bytes = new byte[size];
    new SecureRandom().nextBytes(bytes);
    return bytes;
  }

  private TicketEngine(List<OpenSslSessionContext> sessions, OpenSslSessionTicketKey key) {
    this.sessions = sessions;
    this.key = key;
  }

  /** Handshakes that resumed a session, so far. */
  long resumed() {
    return sessions.stream().mapToLong(each -> each.stats().ticketKeyResume()).sum();
  }

  /** Vert.x takes a copy: it counts for the same. */
  @Override
  public TicketEngine copy() {
    return new TicketEngine(sessions, key);
  }

  @Override
  public SslContextFactory sslContextFactory() {
    return new DefaultSslContextFactory(SslProvider.OPENSSL, true) {
      @Override
      public SslContext create() throws SSLException {
        SslContext context = super.create();
        if (context.sessionContext() instanceof OpenSslSessionContext own) {
          own.setTicketKeys(key);
          sessions.add(own);
        }
        return context;
      }
    };
  }
}
