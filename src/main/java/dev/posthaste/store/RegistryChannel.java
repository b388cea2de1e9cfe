package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.pgclient.pubsub.PgSubscriber;

/** Hears of changes to the registry's tables the moment they are committed, on any node. */
public final class RegistryChannel {
  private static final String NAME = "posthaste_registry";

  /** Before the first try to connect again; each further one waits this much longer. */
  private static final long RECONNECT_MILLIS = 50;

  private static final long MAX_RECONNECT_MILLIS = 1_000;

  private final PgSubscriber subscriber;

  public RegistryChannel(Database database) {
    this.subscriber =
        PgSubscriber.subscriber(database.vertx(), database.options())
            .reconnectPolicy(RegistryChannel::pauseMillis);
  }

  private static long pauseMillis(int tries) {
    return Math.min(MAX_RECONNECT_MILLIS, (tries + 1) * RECONNECT_MILLIS);
  }

  /**
   * Begins to listen. What is committed while the connection is away is announced to nobody, so the
   * listener is also called each time that listening begins, the first time included.
   */
  public Future<Void> open(Runnable onChange) {
    subscriber
        .channel(NAME)
        .subscribeHandler(listening -> onChange.run())
        .handler(payload -> onChange.run());
    return subscriber.connect();
  }

  public Future<Void> close() {
    return subscriber.close();
  }
}
