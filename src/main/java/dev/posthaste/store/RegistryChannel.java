package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.pgclient.pubsub.PgSubscriber;

/** Hears of changes to the registry's tables the moment they are committed, on any node. */
public final class RegistryChannel {
  private static final String NAME = "posthaste_registry";
  private static final long RECONNECT_MILLIS = 1_000;

  private final PgSubscriber subscriber;

  public RegistryChannel(Database database) {
    this.subscriber =
        PgSubscriber.subscriber(database.vertx(), database.options())
            .reconnectPolicy(retries -> RECONNECT_MILLIS);
  }

  /**
   * Begins to listen. What is committed while the connection is away is not heard: the listener
   * looks by itself from time to time.
   */
  public Future<Void> open(Runnable onChange) {
    subscriber.channel(NAME).handler(payload -> onChange.run());
    return subscriber.connect();
  }

  public Future<Void> close() {
    return subscriber.close();
  }
}
