package dev.posthaste.store;

import io.vertx.core.Future;
import io.vertx.pgclient.PgConnection;
import io.vertx.pgclient.pubsub.PgSubscriber;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

/** Hears of changes to the registry's tables the moment they are committed, on any node. */
public final class RegistryChannel {
  private static final String NAME = "posthaste_registry";

  /** Before the first try to connect again; each further one waits this much longer. */
  private static final long RECONNECT_MILLIS = 50;

  private static final long MAX_RECONNECT_MILLIS = 1_000;

  private static final String PROBE = "LISTEN " + NAME;

  private final PgSubscriber subscriber;
  private final long patienceMillis;
  private final AtomicBoolean probing = new AtomicBoolean();

  public RegistryChannel(Database database) {
    this.patienceMillis = database.patienceMillis();
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

  /**
   * Asks whether the connection still lives, to open another one if it does not: who only listens
   * never learns that the network has swallowed it. To be called from time to time.
   */
  public void probe() {
    PgConnection open = subscriber.actualConnection();
    if (open != null && probing.compareAndSet(false, true)) {
      open.query(PROBE)
          .execute()
          .timeout(patienceMillis, TimeUnit.MILLISECONDS)
          .onFailure(e -> open.close())
          .onComplete(done -> probing.set(false));
    }
  }

  public Future<Void> close() {
    return subscriber.close();
  }
}
